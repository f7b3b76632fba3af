"""When an acceptance may begin, and where a verdict leads."""

from datetime import date, timedelta

import pytest
from funding.acceptances import domain
from funding.acceptances.domain import AcceptanceState, AcceptanceVerdict
from servicekit.problems import InvalidTransition, Unprocessable

DUE = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("kind", "state", "may"),
    [
        ("project_grant", "granted", True),
        ("platform_grant", "granted", True),
        ("patent_subsidy", "granted", False),
        ("interest_subsidy", "granted", False),
        ("innovation_award", "granted", False),
        ("project_grant", "cancelled", False),
        ("project_grant", "closed", False),
    ],
)
def test_what_is_built_or_done_is_accepted(kind: str, state: str, may: bool) -> None:
    if may:
        domain.check_award(kind, state)
    else:
        with pytest.raises(domain.NothingToAccept):
            domain.check_award(kind, state)


def test_an_agreement_ends_with_its_last_day_or_its_last_milestone() -> None:
    due = [DUE - timedelta(90), DUE]
    early = DUE - timedelta(1)
    with pytest.raises(domain.AgreementRuns):
        domain.check_ended(due, all_accepted=False, today=early)
    domain.check_ended(due, all_accepted=False, today=DUE)
    domain.check_ended(due, all_accepted=True, today=early)
    domain.check_ended([], all_accepted=True, today=early)


def test_there_is_one_rectification() -> None:
    assert domain.concluded(AcceptanceVerdict.RECTIFY, is_second=False) == "rectification"
    with pytest.raises(Unprocessable):
        domain.concluded(AcceptanceVerdict.RECTIFY, is_second=True)
    passed = domain.concluded(AcceptanceVerdict.PASSED, is_second=True)
    assert passed is AcceptanceState.PASSED_AFTER_RECTIFICATION


def test_only_what_is_overdue_is_concluded_without_being_handed_in() -> None:
    waiting = AcceptanceState.RECTIFICATION
    with pytest.raises(InvalidTransition):
        domain.check_step(waiting, "conclude")
    domain.check_step(waiting, "conclude", overdue=True)
    for step in ("assign", "opine"):
        with pytest.raises(InvalidTransition):
            domain.check_step(waiting, step, overdue=True)
    domain.check_overdue(waiting, AcceptanceVerdict.FAILED)
    for verdict in (AcceptanceVerdict.PASSED, AcceptanceVerdict.RECTIFY):
        with pytest.raises(InvalidTransition):
            domain.check_overdue(waiting, verdict)
