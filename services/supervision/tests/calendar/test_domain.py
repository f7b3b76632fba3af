"""Workdays and recurring days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from supervision.calendar.domain import (
    Workdays,
    period_end,
    period_of,
    reach,
    recurring_days,
)

days = st.dates(date(2001, 1, 1), date(2099, 12, 31))
SPRING_FESTIVAL = {
    date(2026, 2, 14): True,
    **{date(2026, 2, 15) + timedelta(days=n): False for n in range(9)},
    date(2026, 2, 28): True,
}


def test_a_deadline_skips_the_holiday_and_counts_the_working_saturday() -> None:
    # Thursday the 12th; Friday and the working Saturday count, then the 24th.
    assert Workdays(SPRING_FESTIVAL).add(date(2026, 2, 12), 3) == date(2026, 2, 24)
    assert Workdays(SPRING_FESTIVAL).add(date(2026, 2, 24), 4) == date(2026, 2, 28)


def test_no_workdays_from_a_day_off_is_the_next_workday() -> None:
    assert Workdays(SPRING_FESTIVAL).add(date(2026, 2, 16), 0) == date(2026, 2, 24)


@given(start=days, count=st.integers(0, 250), off=st.sets(st.integers(0, 600), max_size=40))
def test_a_deadline_is_a_workday_with_exactly_so_many_workdays_up_to_it(
    start: date, count: int, off: set[int]
) -> None:
    calendar = Workdays({start + timedelta(days=n): False for n in off})
    due = calendar.add(start, count)
    assert calendar.is_workday(due)
    between = [start + timedelta(days=n + 1) for n in range((due - start).days)]
    counted = sum(calendar.is_workday(day) for day in between)
    assert counted == count or (count == 0 and counted <= 1)


@given(start=days, count=st.integers(0, 250))
def test_the_deadline_lies_within_the_days_that_were_read(start: date, count: int) -> None:
    holiday = {start + timedelta(days=n): False for n in range(10)}
    assert (Workdays(holiday).add(start, count) - start).days <= reach(count)


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
