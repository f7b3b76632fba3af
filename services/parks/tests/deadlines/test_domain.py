"""When a missing return is told of."""

from datetime import date

from parks.deadlines.domain import days_left, reminded, stage_on
from servicekit.workdays import Workdays

PLAIN = Workdays()
DUE = date(2026, 8, 11)
"""A Tuesday."""


def test_it_is_told_three_workdays_before_on_the_day_and_after() -> None:
    stages = {day: stage_on(DUE, date(2026, 8, day), PLAIN) for day in (5, 6, 8, 10, 11, 12)}
    assert stages == {5: None, 6: "soon", 8: "soon", 10: "soon", 11: "today", 12: "overdue"}


def test_a_day_that_was_ruled_free_moves_the_reminder() -> None:
    ruled = Workdays({date(2026, 8, 10): False})
    assert stage_on(DUE, date(2026, 8, 5), ruled) == "soon"
    assert stage_on(DUE, date(2026, 8, 6), ruled) == "soon"
    assert days_left(DUE, date(2026, 8, 6), ruled) == 2
    assert days_left(DUE, date(2026, 8, 6), PLAIN) == 3
    assert days_left(DUE, date(2026, 8, 12), PLAIN) == 0


def test_the_last_two_periods_of_each_kind_may_be_due() -> None:
    assert [span.code for span in reminded(date(2026, 1, 5))] == [
        "2025-11", "2025-12", "2025-Q3", "2025-Q4", "2024", "2025",
    ]  # fmt: skip
