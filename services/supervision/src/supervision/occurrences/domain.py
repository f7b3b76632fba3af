"""What recurs, without a database: its days, and what may become of one of them.

A planned occurrence is carried out (each kind says how), moved to another day for a reason, or
withdrawn for a reason: by its plan, which may bring it back, or by people, which is final. One
whose day has passed and that was not carried out stays planned, and is missed.
"""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date

from servicekit.problems import InvalidTransition, Unprocessable

PLANNED = "planned"
WITHDRAWN = "withdrawn"
BY_PLAN = "计划已调整，不再安排这一天 / the plan no longer names this day"
"""Why an occurrence is withdrawn that nobody has withdrawn."""


class DayOff(Unprocessable):
    code = "day_off"
    zh = "{day} 不是工作日"
    en = "Nobody works on {day}"


class DayPassed(Unprocessable):
    code = "day_passed"
    zh = "{day} 已过"
    en = "{day} has passed"


def refuse_done(status: str, action: str) -> None:
    """Raises `InvalidTransition` unless it is still to be carried out."""
    if status != PLANNED:
        raise InvalidTransition(state=status, action=action)


def is_missed(status: str, scheduled_on: date, today: date) -> bool:
    return status == PLANNED and scheduled_on < today


def recurring_days(
    months: Iterable[int], days: Iterable[int], first: date, last: date
) -> Iterator[date]:
    """Each day of `days` in each month of `months`, from `first` to `last`, both included.

    A day that a month does not have is its last day.
    """
    wanted = sorted(set(months))
    for year in range(first.year, last.year + 1):
        for month in wanted:
            length = calendar.monthrange(year, month)[1]
            for day in sorted({min(day, length) for day in days}):
                found = date(year, month, day)
                if first <= found <= last:
                    yield found


def period_of(day: date, cadence: str) -> str:
    """The period a recurring day belongs to: `2026-07-H1`, `2026-07`, `2026-Q3` or `2026`.

    There is no half-year among the periods, so a half-yearly day is named by its month.
    """
    match cadence:
        case "half_monthly":
            return f"{day:%Y-%m}-H{1 if day.day <= 15 else 2}"
        case "quarterly":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "yearly":
            return str(day.year)
        case _:
            return f"{day:%Y-%m}"
