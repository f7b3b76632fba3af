"""Grades of parks and the calendar they are counted on."""

from collections.abc import Iterable
from datetime import date

from servicekit.problems import FieldError, Unprocessable

GRADES = ("municipal", "provincial", "national")
"""The ladder, lowest first (plan, section 二(四))."""


class FutureDate(Unprocessable):
    code = "future_date"
    zh = "日期不能晚于今天"
    en = "The date may not lie in the future"


def check_obtained(obtained_on: date, today: date) -> None:
    """A grade is recorded once it has been given.

    Raises:
        FutureDate: it has not.
    """
    if obtained_on > today:
        raise FutureDate(
            errors=(FieldError("/obtained_on", FutureDate.code, FutureDate.zh, FutureDate.en),)
        )


def highest(grades: Iterable[str]) -> str | None:
    """The highest of the grades a park has obtained, or none."""
    return max(grades, key=GRADES.index, default=None)
