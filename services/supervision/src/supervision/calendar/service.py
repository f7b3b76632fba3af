"""The calendar: loading the announced days, counting workdays.

Statutory holidays and 调休 come from the State Council's yearly notice. Until the notice for a
year is known, its days are the statutory ones alone and carry `provisional`.
"""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from servicekit import audit
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.messaging import outbox
from servicekit.problems import NotFound, PreconditionFailed
from servicekit.workdays import Workdays, announced_days, reach

from supervision.calendar import events, repository
from supervision.calendar.domain import DayOutOfRange
from supervision.calendar.models import CalendarDay
from supervision.calendar.schemas import CalendarDayPut, DeadlineRead

YEARS_AHEAD = 3


def announced_rows(year: int) -> list[dict[str, Any]]:
    """The announced days of a year as rows."""
    return [{**asdict(each), "source": "announced", "version": 1} for each in announced_days(year)]


async def load_years(session: Session, first: int, last: int) -> None:
    """Load or refresh the announced days of the years `first` to `last`; those whose list the
    office has confirmed stay as they are."""
    for year in range(first, last + 1):
        if await repository.is_confirmed(session, year):
            continue
        rows = announced_rows(year)
        await repository.load(session, rows)
        await repository.note_year(session, year, any(row["provisional"] for row in rows))


async def refresh_calendar(session: Session) -> None:
    """Schedule: keep last year, this one and the next ones as announced."""
    year = china_date().year
    await load_years(session, year - 1, year + YEARS_AHEAD)


async def workdays(session: Session, first: date, last: date) -> tuple[Workdays, frozenset[int]]:
    """The workdays from `first` to `last`, and the years among them that are provisional: also
    where no day is expected to be special, one may become a working weekend.

    Raises:
        DayOutOfRange: before 2000 or after 2100.
    """
    if first.year < 2000 or last.year > 2100:
        raise DayOutOfRange
    for year in range(first.year, last.year + 1):
        if not await repository.has_year(session, year):
            await load_years(session, year, year)
    days = await repository.known_days(session, first, last)
    provisional = await repository.provisional_years(session, first.year, last.year)
    return Workdays({row.day: row.workday for row in days}), provisional


async def add_workdays(session: Session, start: date, count: int) -> DeadlineRead:
    """The day `count` workdays after `start` (see `Workdays.add`)."""
    known, provisional = await workdays(session, start, start + timedelta(days=reach(count)))
    return deadline(known, provisional, start, count)


def deadline(known: Workdays, provisional: frozenset[int], start: date, count: int) -> DeadlineRead:
    """`add_workdays` on days that are known already."""
    due_on = known.add(start, count)
    return DeadlineRead(
        start=start,
        workdays=count,
        due_on=due_on,
        provisional=not provisional.isdisjoint(range(start.year, due_on.year + 1)),
    )


async def get_day(session: Session, day: date) -> CalendarDay:
    """Raises `NotFound` for a day of a plain week."""
    await workdays(session, day, day)
    row = await repository.get_day(session, day)
    if row is None:
        raise NotFound(what=f"special day {day}")
    return row


async def put_day(
    session: Session, day: date, body: CalendarDayPut, expected: int | None
) -> tuple[CalendarDay, bool]:
    """Set one day as the office rules and tell who counts by workdays; gives the day and whether
    it is new.

    Raises:
        PreconditionFailed: it is not at the expected version, or a day like any other.
    """
    await workdays(session, day, day)
    row = await repository.get_day_for_update(session, day)
    if row is None and expected is not None:
        raise PreconditionFailed
    if row is None:
        row = CalendarDay(day=day, version=0)
        session.add(row)
        before = None
    else:
        check_version(row, expected, required=False)
        before = {"workday": row.workday, "name": row.name}
        # What is only expected of a day is made certain by saying the same.
        if (row.workday, row.name) == (body.workday, body.name) and not row.provisional:
            return row, False
    row.workday, row.name = body.workday, body.name
    row.source, row.provisional = "office", False
    row.touch()
    audit.record(
        session, "calendar.update", "calendar_day", day, before=before, after=body.model_dump()
    )
    await session.flush()
    outbox.add(session, events.calendar_day_set(row))
    return row, before is None
