"""Grades of parks and the calendar they are counted on."""

from collections.abc import Iterable
from datetime import date

from servicekit.problems import Unprocessable

GRADES = ("municipal", "provincial", "national")
"""The ladder, lowest first (plan, section 二(四))."""


class GradeDaysReversed(Unprocessable):
    code = "grade_days_reversed"
    zh = "有效期止、复评日期不能早于取得日期"
    en = "It cannot end or be reviewed before it was obtained"


class FutureDate(Unprocessable):
    code = "future_date"
    zh = "日期不能晚于今天"
    en = "The date may not lie in the future"


def check_not_in_future(day: date, today: date, pointer: str) -> None:
    """What is recorded has happened.

    Raises:
        FutureDate: it has not.
    """
    if day > today:
        raise FutureDate().at(pointer)


def highest(grades: Iterable[str]) -> str | None:
    """The highest of the grades a park has obtained, or none."""
    return max(grades, key=GRADES.index, default=None)
