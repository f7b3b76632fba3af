"""SQL of counterpart reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.counterpart_reports.models import CounterpartReport

SORTABLE = {
    "id": CounterpartReport.id,
    "unit_code": CounterpartReport.unit_code,
    "updated_at": CounterpartReport.updated_at,
}


async def get(session: Session, report_id: UUID) -> CounterpartReport | None:
    return await session.get(CounterpartReport, report_id)


async def get_for_update(session: Session, report_id: UUID) -> CounterpartReport | None:
    query = (
        select(CounterpartReport)
        .where(CounterpartReport.id == report_id)
        .with_for_update(key_share=True)
    )
    return await session.scalar(query)


@dataclass(frozen=True, slots=True)
class CounterpartFilter:
    """`units` are those the caller may see; none for all."""

    units: Sequence[str] | None = None
    unit_code: str | None = None
    fiscal_year: int | None = None
    award_id: UUID | None = None
    fund_code: str | None = None
    has_award: bool | None = None
    state: Sequence[str] | None = None
    updated_since: datetime | None = None


async def page_of(session: Session, page: PageRequest, wanted: CounterpartFilter) -> Page[Any]:
    row = CounterpartReport
    query = select(row)
    if wanted.units is not None:
        query = query.where(row.unit_code.in_(wanted.units))
    if wanted.unit_code is not None:
        query = query.where(row.unit_code == wanted.unit_code)
    if wanted.fiscal_year is not None:
        query = query.where(row.fiscal_year == wanted.fiscal_year)
    if wanted.award_id is not None:
        query = query.where(row.award_id == wanted.award_id)
    if wanted.fund_code is not None:
        query = query.where(row.fund_code == wanted.fund_code)
    if wanted.has_award is not None:
        query = query.where(row.award_id.is_not(None) == wanted.has_award)
    if wanted.state is not None:
        query = query.where(row.state.in_(wanted.state))
    if wanted.updated_since is not None:
        query = query.where(row.updated_at >= wanted.updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
