"""SQL of the files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from parks.grade_application_files.models import GradeApplicationFile

SORTABLE = {
    "id": GradeApplicationFile.id,
    "added_at": GradeApplicationFile.added_at,
    "updated_at": GradeApplicationFile.added_at,
}


async def of_application(session: Session, application_id: UUID) -> list[GradeApplicationFile]:
    query = select(GradeApplicationFile).where(
        GradeApplicationFile.application_id == application_id
    )
    return list(await session.scalars(query.order_by(GradeApplicationFile.id)))


async def get(session: Session, application_id: UUID, file_id: UUID) -> GradeApplicationFile | None:
    query = select(GradeApplicationFile).filter_by(id=file_id, application_id=application_id)
    return await session.scalar(query)


async def page_of(
    session: Session, page: PageRequest, application_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = GradeApplicationFile
    query = select(row).where(row.application_id == application_id)
    if updated_since is not None:
        query = query.where(row.added_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
