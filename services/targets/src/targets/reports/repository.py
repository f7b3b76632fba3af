"""SQL of the progress reports."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select
from targets.observations.domain import Place
from targets.reports.models import ProgressReport, ReportAction

SORTABLE = {
    "id": ProgressReport.id,
    "period": ProgressReport.period,
    "created_at": ProgressReport.created_at,
    "updated_at": ProgressReport.updated_at,
}
HISTORY_SORT = {
    "id": ReportAction.id,
    "acted_at": ReportAction.acted_at,
    "updated_at": ReportAction.acted_at,
}

_IN_PROGRESS = """
SELECT indicator_code, unit_code, period FROM progress_report
 JOIN unnest($1::text[], $2::text[], $3::text[]) AS wanted (indicator_code, unit_code, period)
 USING (indicator_code, unit_code, period)
 WHERE state NOT IN ('verified', 'withdrawn')
"""


async def get(session: Session, report_id: UUID) -> ProgressReport | None:
    return await session.get(ProgressReport, report_id)


async def get_for_update(session: Session, report_id: UUID) -> ProgressReport | None:
    return await session.get(ProgressReport, report_id, with_for_update=True)


async def in_progress_among(session: Session, places: Collection[Place]) -> set[Place]:
    """Those of these places of which a report is on its way."""
    if not places:
        return set()
    columns = [list(column) for column in zip(*places, strict=True)]
    return {Place(*row) for row in await session.fetch(_IN_PROGRESS, *columns)}


async def lock_in_order(session: Session, report_ids: Iterable[UUID]) -> list[ProgressReport]:
    """Lock several reports so that two callers with the same ones cannot wait for each other."""
    query = select(ProgressReport).where(ProgressReport.id.in_(list(report_ids)))
    return list(await session.scalars(query.order_by(ProgressReport.id).with_for_update()))


async def list_history(
    session: Session, page: PageRequest, report_id: UUID, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, ReportAction.acted_at.__ge__))
    query = select(ReportAction).where(ReportAction.report_id == report_id, *conditions)
    return await fetch_page(session, query, page, sortable=HISTORY_SORT, default="acted_at")


async def list_reports(
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
    conditions = given(
        (units, ProgressReport.unit_code.in_),
        (indicator_code, ProgressReport.indicator_code.__eq__),
        (unit_code, ProgressReport.unit_code.__eq__),
        (period, ProgressReport.period.__eq__),
        (state or None, ProgressReport.state.in_),
        (updated_since, ProgressReport.updated_at.__ge__),
    )
    query = select(ProgressReport).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-created_at")
