"""Recurring days, without a database.

Dates are the city's civil dates. China keeps one time zone without daylight saving.
"""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date

from servicekit.problems import Problem


class DayOutOfRange(Problem):
    status = 422
    code = "day_out_of_range"
    zh = "日期须在 2000 年至 2100 年之间"
    en = "The day must lie between 2000 and 2100"


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


def period_end(period: str) -> date:
    """The last day of a period."""
    year, *rest = period.split("-")
    if not rest:
        return date(int(year), 12, 31)
    if rest[0].startswith("Q"):
        return _month_end(int(year), int(rest[0][1:]) * 3)
    if rest[-1] == "H1":
        return date(int(year), int(rest[0]), 15)
    return _month_end(int(year), int(rest[0]))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
