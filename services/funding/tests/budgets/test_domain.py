"""Who approves a budget line."""

from decimal import Decimal

import pytest
from funding.budgets.domain import SeparationOfDuties, check_approval, insufficient
from servicekit.problems import InvalidTransition


def test_somebody_else_approves_a_draft() -> None:
    check_approval("draft", "maker", "checker")


def test_the_maker_does_not_approve() -> None:
    with pytest.raises(SeparationOfDuties):
        check_approval("draft", "one", "one")


def test_what_is_approved_is_not_approved_again() -> None:
    with pytest.raises(InvalidTransition):
        check_approval("approved", "maker", "checker")


def test_the_refusal_says_what_is_available_in_both_languages() -> None:
    problem = insufficient(Decimal("9.5"), Decimal(10))
    assert problem.text("zh") == "可用余额不足：可用 9.50 元，需要 10.00 元"
    assert "9.50 yuan available" in problem.text("en")
    assert problem.errors[0].pointer == "/amount"
