"""Recurring days and the periods they belong to."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from supervision.calendar.domain import period_end
from supervision.occurrences.domain import period_of, recurring_days

days = st.dates(date(2001, 1, 1), date(2099, 12, 31))


def test_a_day_that_a_month_lacks_is_its_last_day() -> None:
    found = list(recurring_days([1, 2, 4], [31], date(2026, 1, 1), date(2026, 12, 31)))
    assert found == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)]


def test_two_days_that_fall_together_are_one() -> None:
    found = list(recurring_days([2], [30, 31], date(2026, 1, 1), date(2026, 12, 31)))
    assert found == [date(2026, 2, 28)]


@given(day=days)
def test_every_period_ends_on_or_after_each_of_its_days(day: date) -> None:
    for cadence in ("half_monthly", "monthly", "quarterly", "half_yearly", "yearly"):
        assert period_end(period_of(day, cadence)) >= day


def test_periods_are_named_by_the_cadence() -> None:
    day = date(2026, 7, 16)
    assert period_of(day, "half_monthly") == "2026-07-H2"
    assert period_of(day, "monthly") == "2026-07"
    assert period_of(day, "quarterly") == "2026-Q3"
    assert period_of(day, "yearly") == "2026"
