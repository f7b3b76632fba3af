"""When which step of the ladder is taken."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servicekit.workdays import Workdays
from supervision.reminders.domain import Look, Step, look, recipients

LADDER = [
    Step("three-days-before", -3, "unit"),
    Step("on-the-day", 0, "unit"),
    Step("late-one-day", 1, "group"),
    Step("late-five-days", 5, "office"),
]
# The spring festival of 2026 takes the 15th to the 23rd of February; the 14th is worked.
FESTIVAL = Workdays(
    {date(2026, 2, 14): True, date(2026, 2, 28): True}
    | {date(2026, 2, day): False for day in range(15, 24)}
)


def on(today: date, due_on: date, taken: tuple[str, ...] = (), set_on: date | None = None) -> Look:
    return look(
        LADDER,
        taken,
        due_on=due_on,
        set_on=set_on or date(2026, 1, 4),
        today=today,
        known=FESTIVAL,
    )


def codes(found: Look) -> list[str]:
    return [step.code for step in found.now]


def test_steps_are_counted_in_workdays_over_the_spring_festival() -> None:
    due_on = date(2026, 2, 25)
    assert on(date(2026, 2, 12), due_on) == Look([], date(2026, 2, 13))
    assert codes(on(date(2026, 2, 13), due_on)) == ["three-days-before"]
    assert on(date(2026, 2, 24), due_on, ("three-days-before",)).next_on == due_on


def test_what_was_missed_is_taken_in_order_and_once() -> None:
    due_on = date(2026, 3, 4)
    found = on(date(2026, 3, 5), due_on)
    assert codes(found) == ["three-days-before", "on-the-day", "late-one-day"]
    assert found.next_on == date(2026, 3, 11)
    assert codes(on(date(2026, 3, 5), due_on, tuple(codes(found)))) == []


def test_a_step_whose_day_was_over_when_the_deadline_was_set_is_never_taken() -> None:
    found = on(date(2026, 3, 3), date(2026, 3, 4), set_on=date(2026, 3, 3))
    assert found == Look([], date(2026, 3, 4))


def test_after_the_last_step_nobody_looks_again() -> None:
    found = on(date(2026, 3, 20), date(2026, 3, 4), tuple(step.code for step in LADDER))
    assert found == Look([], None)


@given(
    due_in=st.integers(0, 40),
    days=st.lists(st.integers(0, 80), min_size=1, max_size=40),
)
def test_however_often_somebody_looks_each_step_is_taken_exactly_once(
    due_in: int, days: list[int]
) -> None:
    start = date(2026, 2, 2)
    due_on = FESTIVAL.on_or_after(start + timedelta(days=due_in))
    taken: list[str] = []
    for day in [*sorted(days), 120]:
        found = on(start + timedelta(days=day), due_on, tuple(taken), set_on=start)
        taken += codes(found)
    possible = [s.code for s in LADDER if FESTIVAL.away(due_on, s.offset) >= start]
    assert taken == possible


@given(day=st.dates(date(2026, 1, 1), date(2026, 3, 31)), count=st.integers(0, 20))
def test_there_and_back_is_the_same_workday(day: date, count: int) -> None:
    workday = FESTIVAL.on_or_after(day)
    assert FESTIVAL.away(FESTIVAL.away(workday, count), -count) == workday


@pytest.mark.parametrize(
    ("audience", "groups", "told"),
    [
        ("unit", ["group-4"], ["gangqu-admin"]),
        ("group", ["group-4", "group-1"], ["group-1", "group-4"]),
        ("group", [], ["programme-office"]),
        ("office", [], ["programme-office"]),
        ("headquarters", [], ["headquarters"]),
    ],
)
def test_each_level_has_its_recipients(audience: str, groups: list[str], told: list[str]) -> None:
    assert recipients(audience, "gangqu-admin", groups) == told
