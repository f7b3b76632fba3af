"""SQL of the files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.acceptance_files.models import AcceptanceFile

SORTABLE = {
    "id": AcceptanceFile.id,
    "added_at": AcceptanceFile.added_at,
    "updated_at": AcceptanceFile.added_at,
}


async def of_acceptance(session: Session, acceptance_id: UUID) -> list[AcceptanceFile]:
    query = select(AcceptanceFile).where(AcceptanceFile.acceptance_id == acceptance_id)
    return list(await session.scalars(query.order_by(AcceptanceFile.id)))


async def get(session: Session, acceptance_id: UUID, file_id: UUID) -> AcceptanceFile | None:
    query = select(AcceptanceFile).filter_by(id=file_id, acceptance_id=acceptance_id)
    return await session.scalar(query)


async def page_of(
    session: Session, page: PageRequest, acceptance_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = AcceptanceFile
    query = select(row).where(row.acceptance_id == acceptance_id)
    if updated_since is not None:
        query = query.where(row.added_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
