"""What stands in the way of a payment, told by name."""

import dataclasses
from typing import Any

import pytest
from funding.payment_batches.domain import (
    BatchState,
    Candidate,
    NotPayable,
    check_payable,
    check_step,
)
from servicekit.problems import InvalidTransition

GOOD = Candidate("p-1", "sugar", "checked", "maker", "checker", in_batch=False, has_account=True)


def test_nothing_stands_against_a_checked_payment() -> None:
    check_payable({"/0": GOOD}, "payer")


@pytest.mark.parametrize(
    ("change", "payer", "code"),
    [
        ({"state": "paying"}, "payer", "not_checked"),
        ({"in_batch": True}, "payer", "in_another_batch"),
        ({"held_by": ("2026-0007",)}, "payer", "payment_held"),
        ({"has_account": False}, "payer", "no_payee_account"),
        ({}, "maker", "separation_of_duties"),
        ({}, "checker", "separation_of_duties"),
    ],
)
def test_every_obstacle_names_the_payment(change: Any, payer: str, code: str) -> None:
    bad = dataclasses.replace(GOOD, **change)
    with pytest.raises(NotPayable) as refusal:
        check_payable({"/lines/1": GOOD if payer == "payer" else bad, "/lines/2": bad}, payer)
    told = refusal.value.errors[-1]
    assert (told.pointer, told.code) == ("/lines/2", code)
    assert "p-1" in told.zh
    assert "sugar" in told.en


@pytest.mark.parametrize("state", [one for one in BatchState if one is not BatchState.DRAFT])
@pytest.mark.parametrize("step", ["issue", "cancel"])
def test_only_a_draft_moves(state: str, step: str) -> None:
    with pytest.raises(InvalidTransition):
        check_step(state, step)
