"""Single days that somebody has ruled on, laid over the announced ones: the calendar of a service
that counts workdays."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Boolean, Column, Date, MetaData, Table, text

from servicekit.db import Session
from servicekit.workdays import Workdays, announced_days

_STORE = text("""INSERT INTO ruled_day (day, workday) VALUES (:day, :workday)
 ON CONFLICT (day) DO UPDATE SET workday = excluded.workday""")
_RULED = "SELECT day, workday FROM ruled_day WHERE day BETWEEN $1 AND $2"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The workdays of some years. `provisional` are those whose notice is not known yet."""

    workdays: Workdays
    provisional: frozenset[int]


def ruled_day_table(metadata: MetaData) -> None:
    """Declare the table in a service's metadata: whether people work on a day, whatever was
    announced."""
    Table(
        "ruled_day",
        metadata,
        Column("day", Date, primary_key=True),
        Column("workday", Boolean, nullable=False),
    )


async def store(session: Session, day: date, *, workday: bool) -> None:
    """Keep a ruling; the latest one on a day counts."""
    await session.execute(_STORE, {"day": day, "workday": workday})


async def between(session: Session, first: int, last: int) -> Calendar:
    """The workdays of the years `first` to `last`, both included."""
    announced = [each for year in range(first, last + 1) for each in announced_days(year)]
    rows = await session.fetch(_RULED, date(first, 1, 1), date(last, 12, 31))
    ruled = {row["day"]: row["workday"] for row in rows}
    return Calendar(
        Workdays({each.day: each.workday for each in announced} | ruled),
        frozenset(each.day.year for each in announced if each.provisional),
    )
