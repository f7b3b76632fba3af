"""SQL of the reporting periods."""

from datetime import date, datetime
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from targets.periods.models import PeriodAction, ReportingPeriod

SORTABLE = {
    "period": ReportingPeriod.period,
    "ends_on": ReportingPeriod.ends_on,
    "updated_at": ReportingPeriod.updated_at,
}


async def get(session: Session, period: str) -> ReportingPeriod | None:
    return await session.get(ReportingPeriod, period)


async def get_for_update(session: Session, period: str) -> ReportingPeriod | None:
    return await session.get(ReportingPeriod, period, with_for_update={"key_share": True})


async def get_for_share(session: Session, period: str) -> ReportingPeriod | None:
    """The period, which cannot be closed by another until this transaction ends."""
    return await session.get(
        ReportingPeriod, period, with_for_update={"read": True}, populate_existing=True
    )


async def add_missing(session: Session, rows: list[dict[str, Any]]) -> None:
    moment = now()
    values = [{**row, "version": 1, "created_at": moment, "updated_at": moment} for row in rows]
    await session.execute(insert(ReportingPeriod).values(values).on_conflict_do_nothing())


def add_action(session: Session, period: str, action: str, actor: str, reason: str | None) -> None:
    session.add(PeriodAction(period=period, action=action, actor=actor, reason=reason))


async def fetch(
    session: Session,
    page: PageRequest,
    *,
    kind: list[str],
    state: str | None,
    due_gte: date | None,
    updated_since: datetime | None,
) -> Page:
    query: Select = select(ReportingPeriod)
    if kind:
        query = query.where(ReportingPeriod.kind.in_(kind))
    if state is not None:
        query = query.where(ReportingPeriod.state == state)
    if due_gte is not None:
        query = query.where(ReportingPeriod.due_on >= due_gte)
    if updated_since is not None:
        query = query.where(ReportingPeriod.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="period", key="period")
