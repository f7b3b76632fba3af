"""The four rules: exact comparison, honest rounding, and words."""

from decimal import Decimal

import pytest
from funding.funding_rules.domain import (
    FORMULAS,
    Comparator,
    Judging,
    Result,
    RuleState,
    checked,
    evaluate,
    reason,
    words,
)
from hypothesis import assume, given
from hypothesis import strategies as st
from servicekit.problems import Unprocessable

YUAN = st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2)
RATIO = ("three_st_expenses", "budget_expenditure")


def named(name: str) -> Judging:
    return Judging(FORMULAS[name].expression, judged=FORMULAS[name].judged)


THREE = named("three_st_share")


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


def test_what_is_missing_is_named() -> None:
    assert three(None, None).missing == RATIO
    assert three("1", "10", None).missing == ("threshold",)
    assert three("1", "0").missing == ("budget_expenditure",), "nothing is divided by it"
    zh, en = reason("占比", "Share", 2026, three(None, "10"), "%")
    assert zh == "2026 年“占比”无法判断，缺少：科技三项费"
    assert en == "Share in 2026: cannot be judged for want of three S&T items"


def test_how_much_money_is_missing_or_to_spare() -> None:
    assert three("15.00", "1000.00").spare == Decimal("-5.00")
    assert three("20.00", "1000.00").spare == 0
    assert three("20.01", "1000.00").spare == Decimal("0.01")
    assert three("0", "1000.00").spare == Decimal("-20.00")


def test_it_is_told_only_where_it_can_be() -> None:
    inputs = {"three_st_expenses": Decimal(30), "budget_expenditure": Decimal(100)}
    curved = Judging("three_st_expenses / (budget_expenditure + three_st_expenses) * 100")
    assert evaluate(curved, inputs, Decimal(40), year_is_over=True).spare is None
    kinked = Judging("min(three_st_expenses, 31) / budget_expenditure * 100")
    assert evaluate(kinked, inputs, Decimal(40), year_is_over=True).spare is None
    falling = Judging("budget_expenditure / three_st_expenses")
    backwards = {**inputs, "budget_expenditure": Decimal(0), "three_st_expenses": Decimal(1)}
    assert evaluate(falling, backwards, Decimal(1), year_is_over=True).spare == -1


def test_a_ceiling_is_kept_from_below() -> None:
    ceiling = Judging(THREE.expression, Comparator.AT_MOST)
    inputs = {"three_st_expenses": Decimal("20.00"), "budget_expenditure": Decimal(1000)}
    at = evaluate(ceiling, inputs, Decimal(2), year_is_over=False)
    assert (at.state, at.spare) == (RuleState.SATISFIED, 0)
    over = evaluate(
        ceiling, inputs | {"three_st_expenses": Decimal("20.01")}, Decimal(2), year_is_over=False
    )
    assert (over.state, over.spare) == (RuleState.BREACHED, Decimal("-0.01"))
    assert reason("上限", "Ceiling", 2026, over, "%", Comparator.AT_MOST)[0].endswith("不高于 2 %")


def test_a_number_too_long_to_be_kept_is_not_judged() -> None:
    square = Judging("three_st_expenses * three_st_expenses * three_st_expenses")
    huge = {"three_st_expenses": Decimal("999999999999999999.99")}
    result = evaluate(square, huge, Decimal(2), year_is_over=True)
    assert (result.state, result.missing) == (RuleState.UNKNOWN, ())
    assert "可保存的数值" in reason("n", "n", 2026, result, "元")[0]


def test_a_formula_names_inputs_and_comes_out_in_its_unit() -> None:
    assert checked("three_st_expenses / budget_expenditure * 100", "%") == RATIO
    for wrong, code in (("moonlight / 2", "unknown_input"), (" / ".join(RATIO), "unit_mismatch")):
        with pytest.raises(Unprocessable) as refused:
            checked(wrong, "%")
        assert [each.code for each in refused.value.errors] == [code]
        assert refused.value.errors[0].pointer == "/expression"


def test_a_formula_that_is_written_out_is_said_in_words() -> None:
    text = "special_funds_disbursed / special_funds_appropriated * 100"
    zh, en = words("custom", text)
    assert zh == "专项资金净拨付额 ÷ 专项资金下达额 × 100"
    assert en == "special funds paid, net ÷ special funds appropriated × 100"


def test_both_items_count_for_the_share_of_section_one() -> None:
    inputs = {
        "three_st_expenses": Decimal(22),
        "science_operating_expenses": Decimal(18),
        "budget_expenditure": Decimal(1000),
    }
    result = evaluate(named("st_share"), inputs, Decimal(4), year_is_over=False)
    assert (result.state, result.actual, result.distance) == (RuleState.SATISFIED, 4, 0)


def test_a_yearly_floor_is_judged_when_the_year_is_over() -> None:
    floor = named("special_funds_floor")
    short = {"special_funds_appropriated": Decimal("3999999.99")}
    assert evaluate(floor, short, Decimal(400), year_is_over=False).state is RuleState.PENDING
    assert evaluate(floor, short, Decimal(400), year_is_over=True).state is RuleState.BREACHED
    enough = {"special_funds_appropriated": Decimal("4000000.00")}
    result = evaluate(floor, enough, Decimal(400), year_is_over=False)
    assert (result.state, result.actual) == (RuleState.SATISFIED, 400)


def test_one_to_ten() -> None:
    inputs = {"enterprise_st_input": Decimal("99.99"), "government_st_input": Decimal(10)}
    result = evaluate(named("leverage"), inputs, Decimal(10), year_is_over=False)
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


FORMULA_NAMES = st.sampled_from(sorted(FORMULAS))
THRESHOLDS = st.decimals(min_value=0, max_value=1000, places=1)


@st.composite
def held(draw: st.DrawFn) -> tuple[Judging, dict[str, Decimal], Decimal]:
    """One of the plan's rules with a year's inputs, and a threshold."""
    rule = named(draw(FORMULA_NAMES))
    inputs = {name: draw(YUAN) for name in rule.inputs}
    assume(evaluate(rule, dict(inputs), Decimal(1), year_is_over=True).actual is not None)
    return rule, inputs, draw(THRESHOLDS)


def at(rule: Judging, inputs: dict[str, Decimal], threshold: Decimal) -> Result:
    return evaluate(rule, dict(inputs), threshold, year_is_over=True)


@given(held())
def test_what_is_missing_is_just_enough_and_what_is_spared_not_too_much(
    given: tuple[Judging, dict[str, Decimal], Decimal],
) -> None:
    rule, inputs, threshold = given
    spare = at(rule, inputs, threshold).spare
    assert spare is not None
    lever, fen = rule.inputs[0], Decimal("0.01")
    just = inputs | {lever: inputs[lever] - spare}
    assert at(rule, just, threshold).state is RuleState.SATISFIED
    short = just | {lever: just[lever] - fen}
    assert at(rule, short, threshold).state is RuleState.BREACHED


@given(held())
def test_at_the_threshold_itself_a_rule_is_kept(
    given: tuple[Judging, dict[str, Decimal], Decimal],
) -> None:
    rule, inputs, _ = given
    actual = at(rule, inputs, Decimal(1)).actual
    assert actual is not None
    assert at(rule, inputs, actual).state is RuleState.SATISFIED
    assert at(rule, inputs, actual + Decimal("0.000001")).state is RuleState.BREACHED


@given(held(), YUAN)
def test_more_of_the_first_input_never_breaks_a_rule(
    given: tuple[Judging, dict[str, Decimal], Decimal], more: Decimal
) -> None:
    rule, inputs, threshold = given
    less = at(rule, inputs, threshold)
    then = at(rule, inputs | {rule.inputs[0]: inputs[rule.inputs[0]] + more}, threshold)
    assert then.actual is not None
    assert less.actual is not None
    assert then.actual >= less.actual
    assert (less.satisfied, then.satisfied) != (True, False)
