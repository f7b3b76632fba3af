"""Periods and reviewers of counterpart reports."""

from datetime import date

import pytest
from funding.budgets.domain import SeparationOfDuties
from funding.counterpart_reports.domain import (
    PeriodOutsideYear,
    check_period,
    check_review,
    days_of,
)
from servicekit.problems import InvalidTransition


@pytest.mark.parametrize("period", ["2026", "2026-07", "2026-Q3", "2026-07-H1"])
def test_a_period_lies_in_its_year(period: str) -> None:
    check_period(period, 2026)
    with pytest.raises(PeriodOutsideYear):
        check_period(period, 2027)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-07-H1", date(2026, 7, 1), date(2026, 7, 15)),
        ("2026-02-H2", date(2026, 2, 16), date(2026, 2, 28)),
    ],
)
def test_a_period_has_its_days(period: str, first: date, last: date) -> None:
    assert days_of(period) == (first, last)


def test_a_report_is_reviewed_once_by_somebody_else() -> None:
    check_review("reported", "one", "two", "verify")
    with pytest.raises(SeparationOfDuties):
        check_review("reported", "one", "one", "verify")
    for state in ("verified", "returned"):
        with pytest.raises(InvalidTransition):
            check_review(state, "one", "two", "verify")
