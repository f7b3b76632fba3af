"""The four rules: exact comparison, honest rounding, and words."""

from decimal import Decimal

import pytest
from funding.funding_rules.domain import FORMULAS, Result, RuleState, evaluate, reason
from hypothesis import given
from hypothesis import strategies as st

YUAN = st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2)
THREE = FORMULAS["three_st_share"]


def three(items: str | None, whole: str | None, threshold: str | None = "2.0") -> Result:
    inputs = {
        "three_st_expenses": None if items is None else Decimal(items),
        "budget_expenditure": None if whole is None else Decimal(whole),
    }
    wanted = None if threshold is None else Decimal(threshold)
    return evaluate(THREE, inputs, wanted, year_is_over=False)


def test_exactly_two_percent_is_enough_and_a_fen_less_is_not() -> None:
    assert three("20.00", "1000.00").state is RuleState.SATISFIED
    assert three("19.99", "1000.00").state is RuleState.BREACHED


def test_a_ratio_just_below_is_never_shown_as_reached() -> None:
    result = three("19999999999.99", "1000000000000.00")
    assert result.state is RuleState.BREACHED
    assert result.actual is not None
    assert result.distance is not None
    assert result.actual < Decimal("2")
    assert result.distance < 0


@pytest.mark.parametrize(
    ("items", "whole", "threshold"),
    [(None, "10", "2"), ("1", None, "2"), ("0", "0", "2"), ("1", "10", None)],
)
def test_what_is_not_known_is_not_judged(
    items: str | None, whole: str | None, threshold: str | None
) -> None:
    result = three(items, whole, threshold)
    assert (result.state, result.satisfied) == (RuleState.UNKNOWN, None)


def test_both_items_count_for_the_share_of_section_one() -> None:
    inputs = {
        "three_st_expenses": Decimal(22),
        "science_operating_expenses": Decimal(18),
        "budget_expenditure": Decimal(1000),
    }
    result = evaluate(FORMULAS["st_share"], inputs, Decimal(4), year_is_over=False)
    assert (result.state, result.actual, result.distance) == (RuleState.SATISFIED, 4, 0)


def test_a_yearly_floor_is_judged_when_the_year_is_over() -> None:
    floor = FORMULAS["special_funds_floor"]
    short = {"special_funds_appropriated": Decimal("3999999.99")}
    assert evaluate(floor, short, Decimal(400), year_is_over=False).state is RuleState.PENDING
    assert evaluate(floor, short, Decimal(400), year_is_over=True).state is RuleState.BREACHED
    enough = {"special_funds_appropriated": Decimal("4000000.00")}
    result = evaluate(floor, enough, Decimal(400), year_is_over=False)
    assert (result.state, result.actual) == (RuleState.SATISFIED, 400)


def test_one_to_ten() -> None:
    inputs = {"enterprise_st_input": Decimal("99.99"), "government_st_input": Decimal(10)}
    result = evaluate(FORMULAS["leverage"], inputs, Decimal(10), year_is_over=False)
    assert (result.state, result.actual) == (RuleState.BREACHED, Decimal("9.999"))


@given(part=YUAN, rest=YUAN, threshold=st.decimals(min_value=0, max_value=100, places=1))
def test_the_state_agrees_with_whole_fen_arithmetic(
    part: Decimal, rest: Decimal, threshold: Decimal
) -> None:
    whole = part + rest
    result = three(str(part), str(whole), str(threshold))
    if whole == 0:
        assert result.state is RuleState.UNKNOWN
        return
    fen_part, fen_whole, tenths = int(part * 100), int(whole * 100), int(threshold * 10)
    reached = fen_part * 1000 >= tenths * fen_whole
    assert (result.state is RuleState.SATISFIED) == reached
    assert result.distance is not None
    assert (result.distance >= 0) == reached


def test_the_reason_is_in_words() -> None:
    result = Result(RuleState.BREACHED, Decimal("1.850000"), Decimal("2.0"), Decimal("-0.15"))
    zh, en = reason("三项费比例", "Three items' share", 2026, result, "%")
    assert zh == "2026 年“三项费比例”实际 1.85 %，要求不低于 2 %"
    assert en == "Three items' share in 2026: actual 1.85 %, required at least 2 %"
