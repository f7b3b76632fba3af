"""Grades and days."""

from datetime import UTC, date, datetime

import pytest
from parks.parks import domain


def test_the_highest_grade_counts_however_late_a_lower_one_is_recorded() -> None:
    assert domain.highest(["provincial", "municipal"]) == "provincial"
    assert domain.highest(["national", "provincial"]) == "national"
    assert domain.highest([]) is None


def test_a_day_in_china_begins_at_sixteen_hours_utc() -> None:
    assert domain.china_date(datetime(2026, 6, 30, 15, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert domain.china_date(datetime(2026, 6, 30, 16, 0, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_grade_can_only_be_recorded_when_it_is_obtained() -> None:
    domain.check_obtained(date(2026, 6, 30), today=date(2026, 6, 30))
    with pytest.raises(domain.FutureDate):
        domain.check_obtained(date(2026, 7, 1), today=date(2026, 6, 30))
