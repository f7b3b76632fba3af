"""Statements on the calendar."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from supervision.calendar.models import CalendarDay, CalendarYear

SORTABLE = {"day": CalendarDay.day, "updated_at": CalendarDay.updated_at}

YEAR_SORT = {"year": CalendarYear.year, "updated_at": CalendarYear.updated_at}


async def known_days(session: Session, first: date, last: date) -> list[CalendarDay]:
    """Every known day from `first` to `last`, both included."""
    query = select(CalendarDay).where(CalendarDay.day.between(first, last))
    return list(await session.scalars(query))


async def has_year(session: Session, year: int) -> bool:
    """Whether the announced days of a year have been loaded."""
    return await session.scalar(select(CalendarYear.year).filter_by(year=year)) is not None


async def is_confirmed(session: Session, year: int) -> bool:
    """Whether the office has confirmed the year's list: then nothing is loaded over it."""
    query = select(CalendarYear.year).where(
        CalendarYear.year == year, CalendarYear.confirmed_by.is_not(None)
    )
    return await session.scalar(query) is not None


async def note_year(session: Session, year: int, provisional: bool) -> None:
    """A year was loaded; one whose notice has become known meanwhile is provisional no longer."""
    statement = insert(CalendarYear).values(year=year, provisional=provisional, version=1)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[CalendarYear.year],
            set_={
                "provisional": provisional,
                "version": CalendarYear.version + 1,
                "updated_at": func.clock_timestamp(),
            },
            where=CalendarYear.confirmed_by.is_(None) & (CalendarYear.provisional != provisional),
        )
    )


async def provisional_years(session: Session, first: int, last: int) -> frozenset[int]:
    """Which of the years from `first` to `last` have no notice yet."""
    query = select(CalendarYear.year).where(
        CalendarYear.year.between(first, last), CalendarYear.provisional
    )
    return frozenset(await session.scalars(query))


async def get_year(session: Session, year: int) -> CalendarYear:
    return (await session.scalars(select(CalendarYear).filter_by(year=year))).one()


async def get_year_for_update(session: Session, year: int) -> CalendarYear:
    query = select(CalendarYear).filter_by(year=year).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def list_years(
    session: Session, page: PageRequest, provisional: bool | None, updated_since: datetime | None
) -> Page[Any]:
    query = select(CalendarYear).where(
        *given(
            (provisional, CalendarYear.provisional.__eq__),
            (updated_since, CalendarYear.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=YEAR_SORT, default="year", key="year")


async def expected_days(session: Session, year: int, listed: Collection[date] | None) -> list[date]:
    """The days of a year that are only expected, or announced and not in the list that was given
    (none: no list was); what the office has ruled on is not among them."""
    query = select(CalendarDay.day).where(
        CalendarDay.source == "announced",
        CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
    )
    if listed is None:
        query = query.where(CalendarDay.provisional)
    else:
        query = query.where(CalendarDay.day.not_in(listed))
    return list(await session.scalars(query.order_by(CalendarDay.day)))


async def certain_days(session: Session, year: int) -> dict[date, tuple[bool, str | None]]:
    """Whether people work on the days of a year that are ruled on, and what they are called."""
    day = CalendarDay
    query = select(day.day, day.workday, day.name).where(
        day.day.between(date(year, 1, 1), date(year, 12, 31)), ~day.provisional
    )
    return {row.day: (row.workday, row.name) for row in await session.execute(query)}


async def load(session: Session, days: Sequence[Mapping[str, Any]]) -> None:
    """Store announced days; what the office has set stays, what has not changed is not touched."""
    statement = insert(CalendarDay).values(list(days))
    new = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[CalendarDay.day],
            set_={
                "workday": new.workday,
                "name": new.name,
                "provisional": new.provisional,
                "version": CalendarDay.version + 1,
                "updated_at": func.clock_timestamp(),
            },
            where=(CalendarDay.source == "announced")
            & or_(
                CalendarDay.workday != new.workday,
                CalendarDay.name.is_distinct_from(new.name),
                CalendarDay.provisional != new.provisional,
            ),
        )
    )


async def get_day(session: Session, day: date) -> CalendarDay | None:
    return await session.get(CalendarDay, day)


async def get_day_for_update(session: Session, day: date) -> CalendarDay | None:
    return await session.scalar(select(CalendarDay).where(CalendarDay.day == day).with_for_update())


async def list_days(
    session: Session,
    page: PageRequest,
    *,
    day_gte: date | None,
    day_lte: date | None,
    workday: bool | None,
    updated_since: datetime | None,
) -> Page[Any]:
    conditions = given(
        (day_gte, CalendarDay.day.__ge__),
        (day_lte, CalendarDay.day.__le__),
        (workday, CalendarDay.workday.__eq__),
        (updated_since, CalendarDay.updated_at.__ge__),
    )
    query = select(CalendarDay).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="day", key="day")
