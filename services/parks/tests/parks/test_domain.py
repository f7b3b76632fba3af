"""Grades and days."""

from datetime import date

import pytest
from parks.parks import domain


def test_the_highest_grade_counts_however_late_a_lower_one_is_recorded() -> None:
    assert domain.highest(["provincial", "municipal"]) == "provincial"
    assert domain.highest(["national", "provincial"]) == "national"
    assert domain.highest([]) is None


def test_a_grade_can_only_be_recorded_when_it_is_obtained() -> None:
    domain.check_not_in_future(date(2026, 6, 30), date(2026, 6, 30), "/obtained_on")
    with pytest.raises(domain.FutureDate):
        domain.check_not_in_future(date(2026, 7, 1), date(2026, 6, 30), "/obtained_on")
