"""SQL of the attachments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.attachments.models import ApplicationFile

SORTABLE = {
    "id": ApplicationFile.id,
    "added_at": ApplicationFile.added_at,
    "updated_at": ApplicationFile.added_at,
}


async def of_application(session: Session, application_id: UUID) -> list[ApplicationFile]:
    query = select(ApplicationFile).where(ApplicationFile.application_id == application_id)
    return list(await session.scalars(query.order_by(ApplicationFile.id)))


async def get(
    session: Session, application_id: UUID, attachment_id: UUID
) -> ApplicationFile | None:
    query = select(ApplicationFile).filter_by(id=attachment_id, application_id=application_id)
    return await session.scalar(query)


async def page_of(
    session: Session, page: PageRequest, application_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = ApplicationFile
    query = select(row).where(row.application_id == application_id)
    if updated_since is not None:
        query = query.where(row.added_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
