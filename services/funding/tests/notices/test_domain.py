"""How long a notice runs."""

from datetime import date, timedelta

from funding.notices import domain
from hypothesis import given
from hypothesis import strategies as st
from servicekit.workdays import Workdays

DAYS = st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
RULED = st.dictionaries(DAYS, st.booleans(), max_size=40)


@given(DAYS, st.integers(1, 20), RULED)
def test_so_many_workdays_lie_between(start: date, workdays: int, ruled: dict[date, bool]) -> None:
    calendar = Workdays(ruled)
    last = domain.ends_on(start, workdays, calendar)
    days = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(calendar.is_workday(day) for day in days) == workdays
    assert calendar.is_workday(last)
    assert domain.is_running(last, workdays, last)
    assert not domain.is_running(last, workdays, last + timedelta(days=1))


def test_over_the_spring_festival_it_takes_longer() -> None:
    festival = {date(2026, 2, day): False for day in range(15, 24)}
    assert domain.ends_on(date(2026, 2, 13), 5, Workdays(festival)) == date(2026, 3, 2)


def test_a_notice_of_no_workdays_holds_nothing_up() -> None:
    assert not domain.is_running(date(2026, 3, 2), 0, date(2026, 3, 1))
