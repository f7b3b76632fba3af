"""The rules money must keep (plan, sections 一 and 二(七)): formulas, comparison, words.

Inputs are yuan. A ratio is compared exactly, as numerator × factor against threshold ×
denominator; the actual that is shown is rounded down, so it never claims a threshold that was
not reached.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from enum import StrEnum

YUAN_PER_WAN = 10_000
_PLACES = Decimal("0.000001")
_EXACT = Context(prec=60, rounding=ROUND_FLOOR)


class RuleState(StrEnum):
    SATISFIED = "satisfied"
    BREACHED = "breached"
    PENDING = "pending"
    """not reached, but the year still runs and more can come"""
    UNKNOWN = "unknown"
    """an input or the year's threshold is missing"""


JUDGED = frozenset({RuleState.SATISFIED, RuleState.BREACHED})
"""States in which a rule's number says something about it."""


@dataclass(frozen=True, slots=True)
class Formula:
    """`numerator` summed × `factor` ÷ `denominator` (one when there is none)."""

    numerator: tuple[str, ...]
    denominator: str | None
    factor: Decimal
    zh: str
    en: str
    only_grows: bool = False
    """Not a ratio but a sum that grows over the year: judged at the year's end."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of everything it looks at."""
        return self.numerator if self.denominator is None else (*self.numerator, self.denominator)


FORMULAS = {
    "three_st_share": Formula(
        ("three_st_expenses",),
        "budget_expenditure",
        Decimal(100),
        "科技三项费 ÷ 财政预算支出 × 100%",
        "three S&T expenditure items / budget expenditure × 100 %",
    ),
    "st_share": Formula(
        ("three_st_expenses", "science_operating_expenses"),
        "budget_expenditure",
        Decimal(100),
        "（科技三项费 + 科学事业费）÷ 财政预算支出 × 100%",
        "(three S&T expenditure items + science operating expenses) / budget expenditure × 100 %",
    ),
    "leverage": Formula(
        ("enterprise_st_input",),
        "government_st_input",
        Decimal(1),
        "企业科技投入 ÷ 政府科技投入",
        "enterprises' S&T input / government's S&T input",
    ),
    "special_funds_floor": Formula(
        ("special_funds_appropriated",),
        None,
        Decimal(1) / YUAN_PER_WAN,
        "各专项资金当年下达额合计（万元）",
        "appropriations of the year over the special funds, in 万元",
        only_grows=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Result:
    """`actual`, `threshold` and `distance` (actual - threshold) in the rule's unit."""

    state: RuleState
    actual: Decimal | None = None
    threshold: Decimal | None = None
    distance: Decimal | None = None

    @property
    def satisfied(self) -> bool | None:
        return None if self.state is RuleState.UNKNOWN else self.state is RuleState.SATISFIED


def evaluate(
    formula: Formula,
    inputs: Mapping[str, Decimal | None],
    threshold: Decimal | None,
    *,
    year_is_over: bool,
) -> Result:
    """Hold the year's inputs against its threshold; every comparator of a rule means at least."""
    parts = [inputs.get(name) for name in formula.numerator]
    below = Decimal(1) if formula.denominator is None else inputs.get(formula.denominator)
    if below is None or below == 0 or any(part is None for part in parts):
        return Result(RuleState.UNKNOWN, threshold=threshold)
    above = _EXACT.multiply(sum((part for part in parts if part), Decimal(0)), formula.factor)
    actual = _EXACT.divide(above, below).quantize(_PLACES, context=_EXACT)
    if threshold is None:
        return Result(RuleState.UNKNOWN, actual=actual)
    if above >= _EXACT.multiply(threshold, below):
        state = RuleState.SATISFIED
    elif formula.only_grows and not year_is_over:
        state = RuleState.PENDING
    else:
        state = RuleState.BREACHED
    return Result(state, actual, threshold, actual - threshold)


def reason(name_zh: str, name_en: str, year: int, result: Result, unit: str) -> tuple[str, str]:
    """Why a rule is breached, in Chinese and English."""
    actual, threshold = _short(result.actual), _short(result.threshold)
    return (
        f"{year} 年“{name_zh}”实际 {actual} {unit}，要求不低于 {threshold} {unit}",
        f"{name_en} in {year}: actual {actual} {unit}, required at least {threshold} {unit}",
    )


def _short(value: Decimal | None) -> str:
    if value is None:
        return "-"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
