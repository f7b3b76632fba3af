"""Announced days, and deadlines counted by workdays."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from servicekit.workdays import Workdays, announced_days, reach

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


def test_an_announced_year_is_not_provisional_and_a_future_one_is() -> None:
    assert not any(each.provisional for each in announced_days(2026))
    assert all(each.provisional for each in announced_days(2099))


def test_the_spring_festival_of_2026_is_known_with_its_working_saturdays() -> None:
    known = Workdays({each.day: each.workday for each in announced_days(2026)})
    assert {day: known.is_workday(day) for day in SPRING_FESTIVAL} == SPRING_FESTIVAL
