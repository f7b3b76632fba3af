"""Answers of a day and a moment gone by: what had come to be, as it was known."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from servicekit.clock import CHINA, china_date
from servicekit.problems import FieldError, Unprocessable

NOTHING_KNOWN = datetime(2000, 1, 1, tzinfo=UTC)
"""Before the first day of the first period."""


@dataclass(frozen=True, slots=True)
class Then:
    """The day an answer is of (`as_of`), and the moment whose knowledge it gives (`known_at`).

    Nothing recorded later than `known_at` is in it. Of a day that was over by then the periods
    that were over on it count; a year that was not over counts with what had been told of it by
    the end of the day, and what was told of any other period that was still to end does not.
    """

    as_of: date
    known_at: datetime

    @property
    def told_by(self) -> datetime:
        """Until when numbers of a period that was not over on the day had to be told."""
        if self.as_of >= china_date(self.known_at):
            return self.known_at
        return datetime.combine(self.as_of + timedelta(1), time(), CHINA)

    @property
    def day_was_over(self) -> bool:
        return self.told_by < self.known_at

    @property
    def args(self) -> list[Any]:
        """What the three parameters of the statements about a day gone by stand for."""
        return [self.as_of, self.known_at, self.told_by]


def then(as_of: date | None, known_at: datetime | None, now: datetime) -> Then | None:
    """None where neither is asked for. What was known at a moment is asked of its own day, and of
    a day by what is known now, unless both are told; what will be known is what is known now."""
    if as_of is None and known_at is None:
        return None
    known = now if known_at is None else min(max(known_at, NOTHING_KNOWN), now)
    return Then(as_of or china_date(known), known)


def check(
    as_of: date | None,
    known_at: datetime | None,
    *,
    now: datetime,
    first_day: date | None,
    first_known: datetime | None,
) -> None:
    """`first_day` is that of the first programme, `first_known` when there was one; none: never.

    Raises:
        Unprocessable: the day or the moment has not come, or lies before the programme.
    """
    wrong: list[FieldError] = []
    if as_of is not None:
        wrong += _outside("as_of", as_of, first_day, china_date(now))
    if known_at is not None:
        wrong += _outside("known_at", known_at, first_known, now)
    if wrong:
        raise Unprocessable(errors=tuple(wrong))


def _outside(name: str, at: Any, first: Any, last: Any) -> list[FieldError]:
    pointer = f"query/{name}"
    if at > last:
        most = last.isoformat()
        zh, en = f"不能晚于 {most}", f"It has not come yet: at most {most}"
        return [FieldError(pointer, "in_the_future", zh, en)]
    if first is not None and at < first:
        least = first.isoformat()
        zh, en = f"早于工程启动：最早 {least}", f"It lies before the programme: at least {least}"
        return [FieldError(pointer, "before_the_programme", zh, en)]
    return []
