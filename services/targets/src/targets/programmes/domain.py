"""Rules of a programme."""

from datetime import date

from servicekit.problems import FieldError, Unprocessable


def check_dates(anchor_year: int, starts_on: date, ends_on: date) -> None:
    """A programme runs forward and its anchor year is the year it starts in.

    Raises:
        Unprocessable: it does not.
    """
    if ends_on < starts_on:
        raise Unprocessable(
            errors=(FieldError("/ends_on", "before_start", "早于开始日期", "Before the start"),)
        )
    if starts_on.year != anchor_year:
        raise Unprocessable(
            errors=(
                FieldError(
                    "/anchor_year", "not_first_year", "应为开始年份", "Must be the starting year"
                ),
            )
        )
