"""SQL of the progress reports."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select
from targets.reports.models import ProgressReport

SORTABLE = {
    "id": ProgressReport.id,
    "period": ProgressReport.period,
    "created_at": ProgressReport.created_at,
    "updated_at": ProgressReport.updated_at,
}


async def get(session: Session, report_id: UUID) -> ProgressReport | None:
    return await session.get(ProgressReport, report_id)


async def get_for_update(session: Session, report_id: UUID) -> ProgressReport | None:
    return await session.get(ProgressReport, report_id, with_for_update=True)


async def unverified_exists(session: Session, indicator: str, unit: str, period: str) -> bool:
    found = await session.scalar(
        select(ProgressReport.id).where(
            ProgressReport.indicator_code == indicator,
            ProgressReport.unit_code == unit,
            ProgressReport.period == period,
            ProgressReport.state != "verified",
        )
    )
    return found is not None


async def fetch(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    indicator_code: str | None,
    unit_code: str | None,
    period: str | None,
    state: list[str],
    updated_since: datetime | None,
) -> Page:
    """`units` are those whose reports the caller may see, none for all."""
    query: Select = select(ProgressReport)
    if units is not None:
        query = query.where(ProgressReport.unit_code.in_(units))
    if indicator_code is not None:
        query = query.where(ProgressReport.indicator_code == indicator_code)
    if unit_code is not None:
        query = query.where(ProgressReport.unit_code == unit_code)
    if period is not None:
        query = query.where(ProgressReport.period == period)
    if state:
        query = query.where(ProgressReport.state.in_(state))
    if updated_since is not None:
        query = query.where(ProgressReport.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-created_at")
