"""Use cases of the reporting periods."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit import audit, ruled_days
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from servicekit.rows import put_by_key
from targets.directory import service as directory
from targets.periods import domain, events, repository
from targets.periods.models import PeriodException, ReportingPeriod
from targets.periods.schemas import PeriodExceptionCreate, ReportingPeriodPut


async def get_period(session: Session, period: str) -> ReportingPeriod:
    """Raises `NotFound`."""
    row = await repository.get(session, period)
    if row is None:
        raise NotFound(what=f"reporting period {period}")
    return row


async def put_period(
    session: Session, period: str, body: ReportingPeriodPut, expected: int | None
) -> tuple[ReportingPeriod, bool]:
    """Make a period or move its due date; tells whether it is new.

    Raises:
        UnknownPeriod: the code names no period.
        ForeignDueDate: due before the period ends.
        DeadlinesDiffer: the workdays given lead to another day than the one given.
        PreconditionFailed: it is not at the expected version.
    """
    span = domain.parse(period)
    due = await _due(session, span, body)
    fixed = {"kind": span.kind, "starts_on": span.starts_on, "ends_on": span.ends_on}
    done = await put_by_key(
        session, ReportingPeriod, {"period": period}, {**fixed, **due}, expected
    )
    if done.changed:
        audit.record(
            session,
            "reporting_periods.write",
            "reporting_period",
            period,
            before=done.before,
            after=done.row.snapshot(),
        )
    return done.row, done.created


async def _due(session: Session, span: domain.Span, body: ReportingPeriodPut) -> dict[str, Any]:
    if body.due_on is not None and body.due_workdays is None:
        return _columns(domain.fixed(span, body.due_on))
    calendar = await ruled_days.between(session, span.year, span.year + 1)
    due = domain.counted(span, body.due_workdays, calendar.workdays, calendar.provisional)
    domain.check_agreement(due, body.due_on)
    return _columns(due)


def _columns(due: domain.Due) -> dict[str, Any]:
    return {
        "due_on": due.on,
        "due_workdays": due.workdays,
        "due_provisional": due.provisional,
    }


async def ensure_years(session: Session, first: int, last: int) -> None:
    """Make every period of these years that is not there yet."""
    last = min(last, first + 20)
    calendar = await ruled_days.between(session, first, last + 1)
    rows = [
        {
            "period": span.code,
            "kind": span.kind,
            "starts_on": span.starts_on,
            "ends_on": span.ends_on,
            "state": "open",
            **_columns(domain.counted(span, None, calendar.workdays, calendar.provisional)),
        }
        for year in range(first, last + 1)
        for span in domain.periods_of(year)
    ]
    await repository.add_missing(session, rows)


async def follow_calendar(session: Session) -> None:
    """Count the due dates to come again: a year was announced, or the office ruled on a day."""
    rows = await repository.counted_periods(session, china_date())
    if not rows:
        return
    years = [row.ends_on.year for row in rows]
    calendar = await ruled_days.between(session, min(years), max(years) + 1)
    for row in rows:
        span = domain.parse(row.period)
        due = domain.counted(span, row.due_workdays, calendar.workdays, calendar.provisional)
        if (due.on, due.provisional) != (row.due_on, row.due_provisional):
            await _move_due(session, row.period, due)


async def _move_due(session: Session, period: str, due: domain.Due) -> None:
    row = await repository.get_for_update(session, period)
    assert row is not None
    before = row.snapshot()
    if row.due_workdays == due.workdays and row.change(_columns(due)):
        await session.flush()
        audit.record(
            session,
            "reporting_periods.follow_calendar",
            "reporting_period",
            period,
            before=before,
            after=row.snapshot(),
        )


async def close_period(
    session: Session, principal: Principal, period: str, expected: int | None
) -> ReportingPeriod:
    """Take no more numbers for this period.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is closed already.
    """
    row = await _locked(session, period, expected)
    moment = now()
    row.change(
        {
            "state": domain.close(row.state),
            "closed_at": moment,
            "closed_by": principal.subject,
            "first_closed_at": row.first_closed_at or moment,
        }
    )
    repository.add_action(session, period, "close", principal.subject, None)
    await session.flush()
    audit.record(session, "reporting_periods.close", "reporting_period", period)
    outbox.add(session, events.period_closed(row))
    return row


async def reopen_period(
    session: Session, principal: Principal, period: str, reason: str, expected: int | None
) -> ReportingPeriod:
    """Take numbers again, for a reason that is kept.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is open.
    """
    row = await _locked(session, period, expected)
    row.change({"state": domain.reopen(row.state), "closed_at": None, "closed_by": None})
    repository.add_action(session, period, "reopen", principal.subject, reason)
    await session.flush()
    audit.record(session, "reporting_periods.reopen", "reporting_period", period, reason=reason)
    outbox.add(session, events.period_reopened(row, reason))
    return row


async def _locked(session: Session, period: str, expected: int | None) -> ReportingPeriod:
    row = await repository.get_for_update(session, period)
    if row is None:
        raise NotFound(what=f"reporting period {period}")
    check_version(row, expected)
    return row


async def grant_exception(
    session: Session, principal: Principal, period: str, body: PeriodExceptionCreate
) -> PeriodException:
    """Let one unit report for the period until a day, even when it is closed.

    Raises:
        NotFound, UnknownReference, ExceptionExpired.
    """
    await get_period(session, period)
    await directory.require_units(session, [body.unit_code])
    domain.check_expiry(body.expires_on, china_date())
    row = PeriodException(period=period, granted_by=principal.subject, **body.model_dump())
    session.add(row)
    await session.flush()
    audit.record(
        session, "period_exceptions.grant", "period_exception", row.id, after=row.snapshot()
    )
    return row


async def get_exception(session: Session, period: str, exception_id: UUID) -> PeriodException:
    """Raises `NotFound`."""
    row = await repository.get_exception(session, period, exception_id)
    if row is None:
        raise NotFound(what=f"exception {exception_id}")
    return row


async def end_exception(
    session: Session, principal: Principal, period: str, exception_id: UUID
) -> None:
    """End an exception before it expires; the row stays. One that has ended stays as it is.

    Raises:
        NotFound.
    """
    row = await get_exception(session, period, exception_id)
    if row.ended_at is None:
        row.change({"ended_at": now(), "ended_by": principal.subject})
        await session.flush()
        audit.record(session, "period_exceptions.end", "period_exception", row.id)


async def list_exceptions(
    session: Session,
    page: PageRequest,
    period: str,
    *,
    unit_code: str | None,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`."""
    await get_period(session, period)
    return await repository.list_exceptions(
        session, page, period, unit_code=unit_code, updated_since=updated_since
    )


async def require_open(session: Session, period: str, unit: str) -> ReportingPeriod:
    """The period, which takes numbers of this unit, held so until this transaction ends.

    Raises:
        UnknownPeriod, PeriodClosed: see `Held.require_open`.
    """
    return (await hold(session, [period])).require_open(period, unit)


@dataclass(frozen=True, slots=True)
class Held:
    """Periods that stay as they are until this transaction ends."""

    rows: Mapping[str, ReportingPeriod]
    excepted: Collection[tuple[str, str]]

    def require_open(self, period: str, unit: str) -> ReportingPeriod:
        """The period, which takes numbers of this unit.

        Raises:
            UnknownPeriod: it has not been made.
            PeriodClosed: no numbers are taken for it, and the unit has no exception in force.
        """
        row = self.rows.get(period)
        if row is None:
            raise domain.UnknownPeriod(period=period)
        if row.state == "closed" and (period, unit) not in self.excepted:
            raise domain.PeriodClosed(period=period)
        return row


async def hold(session: Session, periods: Iterable[str]) -> Held:
    """These periods, as far as they have been made, and who may report for the closed ones."""
    rows = {row.period: row for row in await repository.get_all_for_share(session, periods)}
    closed = [row.period for row in rows.values() if row.state == "closed"]
    excepted = await repository.units_excepted(session, closed, china_date()) if closed else ()
    return Held(rows, excepted)


async def is_closed(session: Session, period: str) -> bool:
    row = await repository.get(session, period)
    return row is not None and row.state == "closed"


async def due_date(session: Session, span: domain.Span) -> date:
    """When a period's numbers are complete: its own due date, or the usual one."""
    row = await repository.get(session, span.code)
    if row is not None:
        return row.due_on
    calendar = await ruled_days.between(session, span.year, span.year + 1)
    return domain.counted(span, None, calendar.workdays, calendar.provisional).on
