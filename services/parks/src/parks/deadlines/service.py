"""Use cases of the deadlines."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from servicekit import ruled_days
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import PageRequest
from servicekit.messaging import outbox
from servicekit.periods import Span, before, of
from servicekit.ruled_days import Calendar

from parks.deadlines import domain, events, repository
from parks.deadlines.domain import Asked
from parks.forms import repository as forms
from parks.forms.domain import choose
from parks.permissions import READ_RETURN
from parks.returns.domain import check_period, span_of


async def list_missing(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    period: str | None,
    park_code: str | None,
    enterprise_class: Sequence[str] | None,
    overdue: bool | None,
    updated_since: datetime | None,
) -> dict[str, Any]:
    """Who, of those the caller may see, has not handed in a period; without one the month that is
    reported now, whose due date comes next.

    Raises:
        FuturePeriod: it has not begun.
    """
    today = china_date()
    span, asked = await wanted_of(session, period, today)
    narrow = {
        "park_code": park_code,
        "enterprise_class": enterprise_class,
        "is_overdue": overdue,
        "updated_at": updated_since,
    }
    units = await directory.visible_units(session, principal, READ_RETURN)
    return await repository.list_missing(
        session,
        page,
        units=units,
        period=span.code,
        day=min(span.ends_on, today),
        today=today,
        asked=asked,
        narrow=narrow,
    )


async def wanted_of(
    session: Session, period: str | None, today: date
) -> tuple[Span, Sequence[Asked]]:
    """The period asked for, with who is asked for it. Raises `FuturePeriod`."""
    if period is None:
        return await month_reported_now(session, today)
    check_period(period, today)
    return span_of(period), await asked_of(session, span_of(period))


async def month_reported_now(session: Session, today: date) -> tuple[Span, Sequence[Asked]]:
    """The last month while its returns are not due, else the one that runs."""
    this = of("month", today)
    last = before(this)
    asked = await asked_of(session, last)
    if any(each.due_on >= today for each in asked):
        return last, asked
    return this, await asked_of(session, this)


async def asked_of(
    session: Session, span: Span, calendar: Calendar | None = None
) -> Sequence[Asked]:
    """Who is asked for a period, by which form, and until when."""
    calendar = calendar or await ruled_days.between(session, span.year, span.year + 1)
    versions = await forms.in_force(session, span.kind, span.code)
    found: list[Asked] = []
    for filer in domain.FILERS:
        form = choose(versions, filer)
        if form is not None:
            due = calendar.workdays.add(span.ends_on, form.due_workdays)
            years = {due.year, span.year}
            found.append(Asked(filer, form.code, due, bool(years & calendar.provisional)))
    return found


async def remind(session: Session) -> None:
    """Schedule: tell those who have not handed in, three workdays before a return is due, on the
    day, and when it is over; each once, noted in the transaction of the event."""
    today = china_date()
    calendar = await ruled_days.between(session, today.year - 3, today.year + 1)
    for span in domain.reminded(today):
        asked = await asked_of(session, span, calendar)
        stages = {
            each.due_on: stage
            for each in asked
            if (stage := domain.stage_on(each.due_on, today, calendar.workdays)) is not None
        }
        if stages:
            await _remind_of(session, span, asked, stages, calendar)


async def _remind_of(
    session: Session,
    span: Span,
    asked: Sequence[Asked],
    stages: dict[date, str],
    calendar: Calendar,
) -> None:
    today = china_date()
    while True:
        told = await repository.remind(
            session, period=span.code, day=span.ends_on, today=today, asked=asked, stages=stages
        )
        for row in told:
            left = domain.days_left(row.due_on, today, calendar.workdays)
            outbox.add(session, events.return_due(row, left))
        await session.flush_deferred()
        if len(told) < repository.MOST:
            return
