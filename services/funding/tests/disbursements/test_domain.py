"""Every step of a payment from every state, and the three hands."""

import pytest
from funding.budgets.domain import SeparationOfDuties
from funding.disbursements import domain
from funding.disbursements.domain import DisbursementState as State
from funding.disbursements.domain import Outcome, PaidOnMissing, PaymentHeld
from servicekit.problems import InvalidTransition

ALLOWED = {
    ("check", State.REQUESTED),
    ("reject", State.REQUESTED),
    ("pay", State.CHECKED),
    (Outcome.SUCCEEDED, State.PAYING),
    (Outcome.FAILED, State.PAYING),
    (Outcome.RETURNED, State.PAYING),
    (Outcome.RETURNED, State.SUCCEEDED),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", ["check", "reject", "pay", *Outcome])
def test_a_step_is_possible_from_its_states_only(state: State, step: str) -> None:
    if (step, state) in ALLOWED:
        domain.check_step(state, step)
    else:
        with pytest.raises(InvalidTransition):
            domain.check_step(state, step)


@pytest.mark.parametrize("payer", ["maker", "checker"])
def test_the_payer_is_a_third_person(payer: str) -> None:
    domain.check_payer("maker", "checker", "payer")
    with pytest.raises(SeparationOfDuties):
        domain.check_payer("maker", "checker", payer)


def test_the_maker_does_not_check() -> None:
    domain.check_checker("maker", "checker")
    with pytest.raises(SeparationOfDuties):
        domain.check_checker("one", "one")


def test_a_held_payment_names_its_items() -> None:
    domain.check_not_held([])
    with pytest.raises(PaymentHeld) as caught:
        domain.check_not_held(["2026-0001", "2026-0002"])
    assert "2026-0001, 2026-0002" in caught.value.text("zh")


def test_a_success_has_a_day() -> None:
    domain.check_result(Outcome.FAILED, has_day=False)
    with pytest.raises(PaidOnMissing):
        domain.check_result(Outcome.SUCCEEDED, has_day=False)
