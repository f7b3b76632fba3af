"""Use cases of the restatements: what changed after a period was closed, by whom and why."""

from datetime import datetime

import asyncpg
from servicekit import context
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from targets.observations.models import Observation
from targets.periods import repository as period_rows
from targets.periods import service as periods
from targets.periods.models import ReportingPeriod
from targets.permissions import READ_RESTATEMENTS
from targets.restatements import domain, repository
from targets.restatements.models import Restatement

PARTS = ("value", "numerator", "denominator")


async def valid_number(session: Session, row: Observation) -> asyncpg.Record | None:
    """What counts before this number does."""
    return await repository.valid_number(session, row.indicator_code, row.unit_code, row.period)


async def note(
    session: Session, row: Observation, was: asyncpg.Record | None, reason: str | None
) -> None:
    """Log the number that now counts if its period had been closed and it differs from what was."""
    period = await period_rows.get(session, row.period)
    if period is None or period.first_closed_at is None:
        return
    new = {part: getattr(row, part) for part in PARTS}
    if was is not None and new == {part: was[part] for part in PARTS}:
        return
    cause = domain.cause_of(row.source_kind, period.state)
    session.add(
        Restatement(
            period=row.period,
            indicator_code=row.indicator_code,
            unit_code=row.unit_code,
            observation_id=row.id,
            unit=row.unit,
            cause=cause,
            reason=reason or await reason_of(session, cause, row, period),
            actor=context.current().principal.subject,
            **{f"new_{part}": value for part, value in new.items()},
            **{f"old_{part}": was[part] if was else None for part in PARTS},
        )
    )
    await session.flush()


async def reason_of(session: Session, cause: str, row: Observation, period: ReportingPeriod) -> str:
    """Why the period took the number: the exception's reason, the reopening's, or the feed."""
    if cause == "exception" and row.unit_code is not None:
        exception = await period_rows.exception_in_force(
            session, period.period, row.unit_code, china_date()
        )
        if exception is not None:
            return exception.reason
    if cause == "reopened":
        reopening = await period_rows.last_reopening(session, period.period)
        if reopening is not None and reopening.reason is not None:
            return reopening.reason
    return f"{row.source_kind} {row.source_id}"


async def list_restatements(
    session: Session,
    principal: Principal,
    page: PageRequest,
    period: str,
    *,
    indicator_code: str | None,
    unit_code: str | None,
    updated_since: datetime | None,
) -> Page:
    """The changes of the units the caller may see. Raises `NotFound`."""
    await periods.get_period(session, period)
    return await repository.list_restatements(
        session,
        page,
        period,
        units=await directory.visible_units(session, principal, READ_RESTATEMENTS),
        indicator_code=indicator_code,
        unit_code=unit_code,
        updated_since=updated_since,
    )
