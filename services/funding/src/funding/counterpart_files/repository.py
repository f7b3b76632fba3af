"""SQL of the evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.counterpart_files.models import CounterpartFile

SORTABLE = {
    "id": CounterpartFile.id,
    "added_at": CounterpartFile.added_at,
    "updated_at": CounterpartFile.added_at,
}


async def of_report(session: Session, report_id: UUID) -> list[CounterpartFile]:
    query = select(CounterpartFile).where(CounterpartFile.report_id == report_id)
    return list(await session.scalars(query.order_by(CounterpartFile.id)))


async def get(session: Session, report_id: UUID, evidence_id: UUID) -> CounterpartFile | None:
    query = select(CounterpartFile).filter_by(id=evidence_id, report_id=report_id)
    return await session.scalar(query)


async def page_of(
    session: Session, page: PageRequest, report_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = CounterpartFile
    query = select(row).where(row.report_id == report_id)
    if updated_since is not None:
        query = query.where(row.added_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
