"""Confirming a year, and counting again what runs over a day whose rule has changed."""

from collections.abc import Mapping, Sequence
from datetime import date

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.problems import Problem
from servicekit.workdays import is_weekend

from supervision.calendar import repository
from supervision.calendar import service as calendar
from supervision.calendar.models import CalendarDay, CalendarYear
from supervision.calendar.schemas import CalendarDayCreate, CalendarDayPut
from supervision.calendar_years import domain
from supervision.calendar_years.schemas import CalendarYearPut
from supervision.deadlines.service import recount_deadlines
from supervision.inspections.service import plan_inspections
from supervision.meetings.service import plan_meetings
from supervision.permissions import CHANGE_CALENDAR
from supervision.plan_requests.service import recount_plans


async def count_again(session: Session, day: date | None = None) -> None:
    """Every deadline that runs: all, or those whose time includes a day whose rule has changed;
    and what recurs moves off a day that is off now."""
    await recount_deadlines(session, day)
    await recount_plans(session, day)
    await plan_inspections(session)
    await plan_meetings(session)


async def rule_day(
    session: Session, principal: Principal, day: date, body: CalendarDayPut, expected: int | None
) -> tuple[CalendarDay, bool]:
    """Rule on one day and count again; gives the day and whether it is new."""
    await directory.require(session, principal, CHANGE_CALENDAR)
    row, created = await calendar.put_day(session, day, body, expected)
    await count_again(session, day)
    return row, created


async def rule_on_one(
    session: Session, principal: Principal, body: CalendarDayCreate
) -> CalendarDay:
    """Rule on one day of many: whoever does counts again when all are ruled on."""
    await directory.require(session, principal, CHANGE_CALENDAR)
    row, _ = await calendar.put_day(session, body.day, _ruling(body), None)
    return row


async def rule_days(
    session: Session, principal: Principal, bodies: Sequence[CalendarDayCreate]
) -> Mapping[int, Problem]:
    """Rule on many days and count again once."""
    await directory.require(session, principal, CHANGE_CALENDAR)
    for body in bodies:
        await calendar.put_day(session, body.day, _ruling(body), None)
    await count_again(session)
    return {}


async def get_year(session: Session, year: int) -> CalendarYear:
    """What is known of a year; it is loaded if it was not."""
    await calendar.workdays(session, date(year, 1, 1), date(year, 12, 31))
    return await repository.get_year(session, year)


async def confirm_year(
    session: Session, principal: Principal, year: int, body: CalendarYearPut, expected: int | None
) -> CalendarYear:
    """The year's list is the official one from now on: no day of it is provisional, what was only
    expected and is not in the list is a plain day, and deadlines are counted again.

    Raises:
        DayOutsideYear, DayTwice: the list is not one of this year.
    """
    await directory.require(session, principal, CHANGE_CALENDAR)
    await get_year(session, year)
    row = await repository.get_year_for_update(session, year)
    check_version(row, expected, required=False)
    days = body.days or []
    _check(year, days)
    listed = None if body.days is None else {each.day for each in days}
    expected_still = await repository.expected_days(session, year, listed)
    certain = await repository.certain_days(session, year)
    new = [each for each in days if certain.get(each.day) != (each.workday, each.name)]
    if not new and not expected_still and _is_confirmed(row, body):
        return row
    for each in new:
        await calendar.put_day(session, each.day, _ruling(each), None)
    for day in expected_still:
        plain = CalendarDayPut(workday=not is_weekend(day), name=None)
        await calendar.put_day(session, day, plain, None)
    row.provisional, row.document_no = False, body.document_no
    row.confirmed_by, row.confirmed_at = principal.subject, now()
    row.touch()
    after = {"document_no": body.document_no, "days": len(days)}
    audit.record(session, "calendar.confirm", "calendar_year", year, after=after)
    await session.flush()
    await count_again(session)
    return row


def _is_confirmed(row: CalendarYear, body: CalendarYearPut) -> bool:
    """By the same notice already."""
    return not row.provisional and row.document_no == body.document_no


def _ruling(body: CalendarDayCreate) -> CalendarDayPut:
    return CalendarDayPut(workday=body.workday, name=body.name)


def _check(year: int, days: Sequence[CalendarDayCreate]) -> None:
    seen: set[date] = set()
    for index, each in enumerate(days):
        if each.day.year != year:
            raise domain.DayOutsideYear(day=each.day, year=year).at(f"/days/{index}/day")
        if each.day in seen:
            raise domain.DayTwice(day=each.day).at(f"/days/{index}/day")
        seen.add(each.day)
