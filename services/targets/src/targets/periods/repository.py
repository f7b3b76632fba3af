"""SQL of the reporting periods."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from targets.periods.models import PeriodAction, PeriodException, ReportingPeriod

SORTABLE = {
    "period": ReportingPeriod.period,
    "ends_on": ReportingPeriod.ends_on,
    "updated_at": ReportingPeriod.updated_at,
}
EXCEPTION_SORT = {
    "id": PeriodException.id,
    "expires_on": PeriodException.expires_on,
    "updated_at": PeriodException.updated_at,
}


async def get(session: Session, period: str) -> ReportingPeriod | None:
    return await session.get(ReportingPeriod, period)


async def get_for_update(session: Session, period: str) -> ReportingPeriod | None:
    return await session.get(ReportingPeriod, period, with_for_update={"key_share": True})


async def get_all_for_share(session: Session, periods: Iterable[str]) -> list[ReportingPeriod]:
    """The periods, which cannot be closed by another until this transaction ends."""
    query = select(ReportingPeriod).where(ReportingPeriod.period.in_(set(periods)))
    locked = query.order_by(ReportingPeriod.period).with_for_update(read=True)
    return list(await session.scalars(locked.execution_options(populate_existing=True)))


async def add_missing(session: Session, rows: list[dict[str, Any]]) -> None:
    moment = now()
    values = [{**row, "version": 1, "created_at": moment, "updated_at": moment} for row in rows]
    await session.execute(insert(ReportingPeriod).values(values).on_conflict_do_nothing())


def add_action(session: Session, period: str, action: str, actor: str, reason: str | None) -> None:
    session.add(PeriodAction(period=period, action=action, actor=actor, reason=reason))


async def list_periods(
    session: Session,
    page: PageRequest,
    *,
    kind: list[str],
    state: Sequence[str] | None,
    due_gte: date | None,
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (kind or None, ReportingPeriod.kind.in_),
        (state, ReportingPeriod.state.in_),
        (due_gte, ReportingPeriod.due_on.__ge__),
        (updated_since, ReportingPeriod.updated_at.__ge__),
    )
    query = select(ReportingPeriod).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="period", key="period")


async def counted_periods(session: Session, today: date) -> list[ReportingPeriod]:
    """The periods whose due date is counted and still to come."""
    query = select(ReportingPeriod).where(
        ReportingPeriod.due_workdays.is_not(None), ReportingPeriod.due_on >= today
    )
    return list(await session.scalars(query.order_by(ReportingPeriod.period)))


async def last_reopening(session: Session, period: str) -> PeriodAction | None:
    query = select(PeriodAction).where(
        PeriodAction.period == period, PeriodAction.action == "reopen"
    )
    return await session.scalar(query.order_by(PeriodAction.acted_at.desc()).limit(1))


async def exception_in_force(
    session: Session, period: str, unit: str, today: date
) -> PeriodException | None:
    """The exception of this unit that lasts longest, if one is in force."""
    row = PeriodException
    query = select(row).where(
        row.period == period,
        row.unit_code == unit,
        row.expires_on >= today,
        row.ended_at.is_(None),
    )
    return await session.scalar(query.order_by(row.expires_on.desc()).limit(1))


async def units_excepted(
    session: Session, periods: Iterable[str], today: date
) -> set[tuple[str, str]]:
    """The periods and units with an exception in force."""
    row = PeriodException
    query = select(row.period, row.unit_code).where(
        row.period.in_(set(periods)), row.expires_on >= today, row.ended_at.is_(None)
    )
    return {(period, unit) for period, unit in await session.execute(query)}


async def get_exception(
    session: Session, period: str, exception_id: UUID
) -> PeriodException | None:
    row = PeriodException
    query = select(row).where(row.id == exception_id, row.period == period)
    return await session.scalar(query.with_for_update())


async def list_exceptions(
    session: Session,
    page: PageRequest,
    period: str,
    *,
    unit_code: str | None,
    updated_since: datetime | None,
) -> Page:
    row = PeriodException
    conditions = given((unit_code, row.unit_code.__eq__), (updated_since, row.updated_at.__ge__))
    query = select(row).where(row.period == period, *conditions)
    return await fetch_page(session, query, page, sortable=EXCEPTION_SORT, default="-updated_at")
