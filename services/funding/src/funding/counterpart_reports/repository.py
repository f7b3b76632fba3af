"""SQL of counterpart reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
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


async def list_counterpart_reports(
    session: Session, page: PageRequest, wanted: CounterpartFilter
) -> Page[Any]:
    row = CounterpartReport
    conditions = given(
        (wanted.units, row.unit_code.in_),
        (wanted.unit_code, row.unit_code.__eq__),
        (wanted.fiscal_year, row.fiscal_year.__eq__),
        (wanted.award_id, row.award_id.__eq__),
        (wanted.fund_code, row.fund_code.__eq__),
        (wanted.has_award, row.award_id.is_not(None).__eq__),
        (wanted.state, row.state.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
