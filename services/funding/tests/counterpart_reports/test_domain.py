"""Periods and reviewers of counterpart reports."""

import pytest
from funding.budgets.domain import SeparationOfDuties
from funding.counterpart_reports.domain import PeriodOutsideYear, check_period, check_review
from servicekit.problems import InvalidTransition


@pytest.mark.parametrize("period", ["2026", "2026-07", "2026-Q3", "2026-07-H1"])
def test_a_period_lies_in_its_year(period: str) -> None:
    check_period(period, 2026)
    with pytest.raises(PeriodOutsideYear):
        check_period(period, 2027)


def test_a_report_is_reviewed_once_by_somebody_else() -> None:
    check_review("reported", "one", "two", "verify")
    with pytest.raises(SeparationOfDuties):
        check_review("reported", "one", "one", "verify")
    for state in ("verified", "returned"):
        with pytest.raises(InvalidTransition):
            check_review(state, "one", "two", "verify")
