"""The days a calendar knows and the ends of periods, without a database.

Dates are the city's civil dates. China keeps one time zone without daylight saving.
"""

import calendar
from datetime import date

from servicekit.problems import Problem


class DayOutOfRange(Problem):
    status = 422
    code = "day_out_of_range"
    zh = "日期须在 2000 年至 2100 年之间"
    en = "The day must lie between 2000 and 2100"


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
