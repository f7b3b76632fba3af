"""A day begins in China when it is sixteen hours in UTC."""

from datetime import UTC, date, datetime

from servicekit.clock import china_date


def test_a_day_in_china_begins_at_sixteen_hours_utc() -> None:
    assert china_date(datetime(2026, 6, 30, 15, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert china_date(datetime(2026, 6, 30, 16, 0, tzinfo=UTC)) == date(2026, 7, 1)
