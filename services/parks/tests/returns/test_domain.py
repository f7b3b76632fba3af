"""The rules of an operating return."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from parks.returns import domain
from parks.returns.domain import Measures, ReturnAction, ReturnState
from servicekit.problems import InvalidTransition

FINE = Measures(
    sales_revenue=Decimal(1000),
    high_tech_value_added=Decimal(120),
    high_tech_output=Decimal(400),
    own_ip_output=Decimal(400),
    rd_spend=Decimal(40),
    profit_and_tax=Decimal(-3),
    employees=0,
)


def test_a_loss_and_a_month_of_own_products_only_are_fine() -> None:
    domain.check_measures(FINE)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("sales_revenue", Decimal("-0.01"), "negative"),
        ("rd_spend", Decimal(-1), "negative"),
        ("employees", -1, "negative"),
        ("own_ip_output", Decimal("400.01"), "exceeds_high_tech_output"),
        ("high_tech_value_added", Decimal(401), "exceeds_high_tech_output"),
    ],
)
def test_what_cannot_be_is_named(name: str, value: Decimal, code: str) -> None:
    with pytest.raises(domain.InconsistentMeasures) as caught:
        domain.check_measures(replace(FINE, **{name: value}))
    assert [(e.pointer, e.code) for e in caught.value.errors] == [(f"/measures/{name}", code)]


def test_a_month_can_be_reported_from_its_first_day() -> None:
    domain.check_period("2026-07", date(2026, 7, 1))
    domain.check_period("2025-12", date(2026, 1, 1))
    with pytest.raises(domain.FuturePeriod):
        domain.check_period("2026-08", date(2026, 7, 31))


def test_a_month_ends_on_its_last_day() -> None:
    assert domain.last_day("2028-02") == date(2028, 2, 29)
    assert domain.last_day("2026-12") == date(2026, 12, 31)


@pytest.mark.parametrize("state", list(ReturnState))
@pytest.mark.parametrize("action", list(ReturnAction))
def test_every_step_is_possible_from_its_states_only(
    state: ReturnState, action: ReturnAction
) -> None:
    possible = {
        (ReturnState.DRAFT, ReturnAction.UPDATE): ReturnState.DRAFT,
        (ReturnState.RETURNED, ReturnAction.UPDATE): ReturnState.RETURNED,
        (ReturnState.DRAFT, ReturnAction.SUBMIT): ReturnState.SUBMITTED,
        (ReturnState.RETURNED, ReturnAction.SUBMIT): ReturnState.SUBMITTED,
        (ReturnState.SUBMITTED, ReturnAction.RETURN): ReturnState.RETURNED,
        (ReturnState.SUBMITTED, ReturnAction.ACCEPT): ReturnState.ACCEPTED,
    }
    if (state, action) in possible:
        assert domain.step(state, action) == possible[state, action]
    else:
        with pytest.raises(InvalidTransition):
            domain.step(state, action)


def test_whoever_touched_the_numbers_may_not_decide_on_them() -> None:
    domain.check_decider(["a", "b"], "c")
    with pytest.raises(domain.FilerMayNotDecide):
        domain.check_decider(["a", "b"], "b")
