"""Use cases of the reporting periods."""

from datetime import date, datetime

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from servicekit.rows import put
from targets.periods import domain, events, repository
from targets.periods.models import ReportingPeriod
from targets.periods.schemas import ReportingPeriodPut


async def get_period(session: Session, period: str) -> ReportingPeriod:
    """Raises `NotFound`."""
    row = await repository.get(session, period)
    if row is None:
        raise NotFound(what=f"reporting period {period}")
    return row


async def list_periods(
    session: Session,
    page: PageRequest,
    *,
    kind: list[str],
    state: str | None,
    due_gte: date | None,
    updated_since: datetime | None,
) -> Page:
    return await repository.fetch(
        session, page, kind=kind, state=state, due_gte=due_gte, updated_since=updated_since
    )


async def put_period(
    session: Session, period: str, body: ReportingPeriodPut, expected: int | None
) -> tuple[ReportingPeriod, bool]:
    """Make a period or move its due date; tells whether it is new.

    Raises:
        UnknownPeriod: the code names no period.
        ForeignDueDate: due before the period ends.
        PreconditionFailed: it is not at the expected version.
    """
    span = domain.parse(period)
    row = await repository.get_for_update(session, period)
    due = domain.due_on(span, body.due_on)
    fixed = {"kind": span.kind, "starts_on": span.starts_on, "ends_on": span.ends_on}
    done = put(session, ReportingPeriod, row, expected, period=period, due_on=due, **fixed)
    if done.changed:
        await session.flush()
        audit.record(
            session,
            "reporting_periods.write",
            "reporting_period",
            period,
            before=done.before,
            after=done.row.snapshot(),
        )
    return done.row, done.created


async def ensure_years(session: Session, first: int, last: int) -> None:
    """Make every period of these years that is not there yet."""
    rows = [
        {
            "period": span.code,
            "kind": span.kind,
            "starts_on": span.starts_on,
            "ends_on": span.ends_on,
            "due_on": domain.due_on(span, None),
            "state": "open",
        }
        for year in range(first, min(last, first + 20) + 1)
        for span in domain.periods_of(year)
    ]
    await repository.add_missing(session, rows)


async def close_period(
    session: Session, principal: Principal, period: str, expected: int | None
) -> ReportingPeriod:
    """Take no more numbers for this period.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is closed already.
    """
    row = await _locked(session, period, expected)
    row.change(
        {"state": domain.close(row.state), "closed_at": now(), "closed_by": principal.subject}
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
    return row


async def _locked(session: Session, period: str, expected: int | None) -> ReportingPeriod:
    row = await repository.get_for_update(session, period)
    if row is None:
        raise NotFound(what=f"reporting period {period}")
    check_version(row, expected)
    return row


async def require_open(session: Session, period: str) -> ReportingPeriod:
    """The period, held open until this transaction ends.

    Raises:
        UnknownPeriod: it has not been made.
        PeriodClosed: no numbers are taken for it.
    """
    row = await repository.get_for_share(session, period)
    if row is None:
        raise domain.UnknownPeriod(period=period)
    if row.state == "closed":
        raise domain.PeriodClosed(period=period)
    return row


async def is_closed(session: Session, period: str) -> bool:
    row = await repository.get(session, period)
    return row is not None and row.state == "closed"


async def due_date(session: Session, span: domain.Span) -> date:
    """When a period's numbers are complete: its own due date, or the usual one."""
    row = await repository.get(session, span.code)
    return row.due_on if row else domain.due_on(span, None)
