"""What a statement can be asked for."""

from datetime import date

from servicekit.problems import FieldError, Unprocessable


class DatesReversed(Unprocessable):
    code = "dates_reversed"
    zh = "起始日期不能晚于截止日期"
    en = "The first day cannot be after the last"


def check_dates(first: date | None, last: date | None) -> None:
    """Raises `DatesReversed` if there is no day between the two."""
    if first is not None and last is not None and first > last:
        where = FieldError("query/from", DatesReversed.code, DatesReversed.zh, DatesReversed.en)
        raise DatesReversed(errors=(where,))
