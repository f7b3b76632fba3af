"""Which day and which moment an answer is of."""

from datetime import UTC, date, datetime

import pytest
from servicekit.clock import CHINA
from servicekit.problems import Unprocessable
from targets.moments.domain import check, then

NOW = datetime(2026, 9, 1, 4, tzinfo=UTC)
LATE = datetime(2026, 8, 31, 17, tzinfo=UTC)
"""It is September already in China."""


def test_who_asks_for_nothing_is_told_of_now() -> None:
    assert then(None, None, NOW) is None


def test_a_moment_is_asked_of_its_own_day_in_china() -> None:
    asked = then(None, LATE, NOW)
    assert asked is not None
    assert (asked.as_of, asked.known_at) == (date(2026, 9, 1), LATE)
    assert (asked.told_by, asked.day_was_over) == (LATE, False)


def test_a_day_is_asked_by_what_is_known_now() -> None:
    asked = then(date(2026, 8, 31), None, NOW)
    assert asked is not None
    assert asked.known_at == NOW
    assert asked.told_by == datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert asked.day_was_over


def test_today_is_not_over() -> None:
    asked = then(date(2026, 9, 1), None, NOW)
    assert asked is not None
    assert asked.told_by == NOW


def test_the_ends_of_the_calendar_are_days_as_well() -> None:
    last, first = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=CHINA)
    for as_of in (date.min, date.max):
        for known_at in (last, first, None):
            asked = then(as_of, known_at, NOW)
            assert asked is not None
            assert asked.told_by <= asked.known_at <= NOW
    for known_at in (last, first):
        asked = then(None, known_at, NOW)
        assert asked is not None
        assert asked.as_of <= date(2026, 9, 1)


@pytest.mark.parametrize(
    ("as_of", "known_at", "wrong"),
    [
        (date(2026, 9, 1), NOW, None),
        (date(2026, 9, 2), None, ("query/as_of", "in_the_future")),
        (None, NOW.replace(minute=1), ("query/known_at", "in_the_future")),
        (date(2025, 12, 31), None, ("query/as_of", "before_the_programme")),
        (None, datetime(2026, 2, 1, tzinfo=UTC), ("query/known_at", "before_the_programme")),
    ],
)
def test_what_has_not_come_or_was_before_is_told(
    as_of: date | None, known_at: datetime | None, wrong: tuple[str, str] | None
) -> None:
    began = {"first_day": date(2026, 1, 1), "first_known": datetime(2026, 3, 1, tzinfo=UTC)}
    if wrong is None:
        check(as_of, known_at, now=NOW, **began)
        return
    with pytest.raises(Unprocessable) as refused:
        check(as_of, known_at, now=NOW, **began)
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == wrong


def test_without_a_programme_everything_gone_by_may_be_asked() -> None:
    check(
        date(2001, 1, 1),
        datetime(2001, 1, 1, tzinfo=UTC),
        now=NOW,
        first_day=None,
        first_known=None,
    )
