"""The rules money must keep (plan, sections 一 and 二(七)): what they look at, comparison, words.

Inputs are yuan. A formula is worked out in fractions and compared before anything is rounded; the
actual that is shown is rounded away from the threshold: it never claims one that was not reached.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache

from servicekit import formulas
from servicekit.decimals import plain
from servicekit.formulas import DividesByZero, Formula, worked_out
from servicekit.problems import Conflict, FieldError, Unprocessable

_PLACES, _FEN = 10**6, 100
_LIMIT = 10**34
"""What is longer is not kept, and not judged."""
_EXACT = Context(prec=60)


class RuleState(StrEnum):
    SATISFIED = "satisfied"
    BREACHED = "breached"
    PENDING = "pending"
    """not reached, but the year still runs and more can come"""
    UNKNOWN = "unknown"
    """an input or the year's threshold is missing"""


JUDGED = frozenset({RuleState.SATISFIED, RuleState.BREACHED})
"""States in which a rule's number says something about it."""


class Comparator(StrEnum):
    """`reach` and `at_least` both mean: not below the threshold."""

    AT_LEAST = "at_least"
    REACH = "reach"
    AT_MOST = "at_most"


class JudgedWhen(StrEnum):
    AT_ONCE = "at_once"
    YEAR_END = "year_end"
    """a sum that grows over the year: what it falls short of, it can still reach"""


class RuleRevised(Conflict):
    code = "rule_revised"
    zh = "规则“{rule}”已由文件修订或终止，请以修订方式变更"
    en = "Rule {rule} was revised or ended by a document: change it by a revision"


class RuleHasEnded(Conflict):
    code = "rule_has_ended"
    zh = "规则“{rule}”自 {year} 年起已终止"
    en = "Rule {rule} has ended: it holds for no year from {year} on"


@dataclass(frozen=True, slots=True)
class Input:
    """Something a formula may name, yuan; `source` is where its value of a year is looked up."""

    zh: str
    en: str
    source: str


_APPROPRIATIONS = "appropriations?fiscal_year={year}"
_BUDGETS = "budgets?fiscal_year={year}"
INPUTS = {
    "budget_expenditure": Input("财政预算支出", "budget expenditure", "fiscal-years/{year}"),
    "three_st_expenses": Input("科技三项费", "three S&T items", "fiscal-years/{year}"),
    "science_operating_expenses": Input(
        "科学事业费", "science operating expenses", "fiscal-years/{year}"
    ),
    "special_funds_approved": Input("专项资金预算", "special funds approved", _BUDGETS),
    "special_funds_appropriated": Input(
        "专项资金下达额", "special funds appropriated", _APPROPRIATIONS
    ),
    "special_funds_disbursed": Input("专项资金净拨付额", "special funds paid, net", _BUDGETS),
    "enterprise_st_input": Input(
        "企业科技投入（已核查）",
        "enterprises' S&T input, verified",
        "counterpart-reports?fiscal_year={year}&state=verified",
    ),
    "government_st_input": Input("政府科技投入", "government's S&T input", _APPROPRIATIONS),
}
THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Named:
    """A formula of the plan, with the words that people know it by."""

    expression: str
    zh: str
    en: str
    judged: JudgedWhen = JudgedWhen.AT_ONCE


FORMULAS = {
    "three_st_share": Named(
        "three_st_expenses / budget_expenditure * 100",
        "科技三项费 ÷ 财政预算支出 × 100%",
        "three S&T expenditure items / budget expenditure × 100 %",
    ),
    "st_share": Named(
        "(three_st_expenses + science_operating_expenses) / budget_expenditure * 100",
        "（科技三项费 + 科学事业费）÷ 财政预算支出 × 100%",
        "(three S&T expenditure items + science operating expenses) / budget expenditure × 100 %",
    ),
    "leverage": Named(
        "enterprise_st_input / government_st_input",
        "企业科技投入 ÷ 政府科技投入",
        "enterprises' S&T input / government's S&T input",
    ),
    "special_funds_floor": Named(
        "special_funds_appropriated / 10000",
        "各专项资金当年下达额合计（万元）",
        "appropriations of the year over the special funds, in 万元",
        JudgedWhen.YEAR_END,
    ),
}
CUSTOM = "custom"
"""The name of a formula that is written out."""


@cache
def parsed(expression: str) -> Formula:
    """Raises `Unprocessable` for what is no formula."""
    return formulas.parse(expression, "/expression")


def checked(expression: str, unit: str) -> tuple[str, ...]:
    """What a formula that is put names.

    Raises:
        Unprocessable: it is none, names what is no input, or comes out in another unit.
    """
    formula = parsed(expression)
    errors = [
        FieldError(formula.pointer, "unknown_input", f"没有输入“{name}”", f"No input {name}")
        for name in formula.codes
        if name not in INPUTS
    ]
    errors = errors or [*formulas.wrong_units(formula, dict.fromkeys(formula.codes, "元"), unit)]
    if errors:
        raise Unprocessable(errors=tuple(errors))
    return formula.codes


def words(formula: str, expression: str) -> tuple[str, str]:
    """A formula in Chinese and English."""
    if formula in FORMULAS:
        return FORMULAS[formula].zh, FORMULAS[formula].en

    def said(of: Mapping[str, str]) -> str:
        text = re.sub(r"[a-z][a-z_]+", lambda found: of.get(found[0], found[0]), expression)
        return text.replace("*", "×").replace("/", "÷")

    zh = said({name: each.zh for name, each in INPUTS.items()})
    return zh, said({name: each.en for name, each in INPUTS.items()})


@dataclass(frozen=True, slots=True)
class Judging:
    """What of a rule is needed to judge it."""

    expression: str
    comparator: Comparator = Comparator.AT_LEAST
    judged: JudgedWhen = JudgedWhen.AT_ONCE

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of everything it looks at; the first is what it is mended with."""
        return parsed(self.expression).codes


@dataclass(frozen=True, slots=True)
class Result:
    """`actual`, `threshold` and `distance` (actual - threshold) in the rule's unit.

    `spare`, yuan: so much of the rule's first input can be spared, or is missing where it is
    negative; none where that input does not move the number in a straight line. `missing` names
    the inputs (or the threshold) for want of which nothing can be said.
    """

    state: RuleState
    actual: Decimal | None = None
    threshold: Decimal | None = None
    distance: Decimal | None = None
    spare: Decimal | None = None
    missing: tuple[str, ...] = ()

    @property
    def satisfied(self) -> bool | None:
        return None if self.state is RuleState.UNKNOWN else self.state is RuleState.SATISFIED


def evaluate(
    rule: Judging,
    inputs: Mapping[str, Decimal | None],
    threshold: Decimal | None,
    *,
    year_is_over: bool,
) -> Result:
    """Hold the year's inputs against its threshold, exactly."""
    known = {name: each for name in rule.inputs if (each := inputs.get(name)) is not None}
    missing = [name for name in rule.inputs if name not in known]
    if threshold is None:
        missing.append(THRESHOLD)
    number = _number(rule, known) if len(known) == len(rule.inputs) else None
    if len(known) == len(rule.inputs) and number is None:
        missing += [name for name in rule.inputs if known[name] == 0]
    if number is None:
        return Result(RuleState.UNKNOWN, threshold=threshold, missing=tuple(missing))
    at_most = rule.comparator is Comparator.AT_MOST
    actual = _rounded(number, up=at_most)
    if threshold is None:
        return Result(RuleState.UNKNOWN, actual=actual, missing=tuple(missing))
    is_kept = number <= threshold if at_most else number >= threshold
    if is_kept:
        state = RuleState.SATISFIED
    elif rule.judged is JudgedWhen.YEAR_END and not at_most and not year_is_over:
        state = RuleState.PENDING
    else:
        state = RuleState.BREACHED
    spare = _spare(rule, known, number, Fraction(threshold))
    return Result(state, actual, threshold, actual - threshold, spare)


def _number(rule: Judging, known: Mapping[str, Decimal]) -> Fraction | None:
    try:
        number = worked_out(parsed(rule.expression), known)
    except DividesByZero:
        return None
    return number if abs(number) < _LIMIT else None


def _rounded(number: Fraction, *, up: bool) -> Decimal:
    scaled = (math.ceil if up else math.floor)(number * _PLACES)
    return Decimal(scaled).scaleb(-6, context=_EXACT)


def _spare(
    rule: Judging, known: Mapping[str, Decimal], number: Fraction, threshold: Fraction
) -> Decimal | None:
    """How far the first input is from where the number is the threshold; whole fen, so that what is
    missing is enough and what is spared is not too much."""
    lever, formula = rule.inputs[0], parsed(rule.expression)

    def at(more: Fraction) -> Fraction:
        return worked_out(formula, {**known, lever: Fraction(known[lever]) + more})

    try:
        slope = at(Fraction(1)) - number
        if slope <= 0:
            return None
        gap = (number - threshold) / slope
        if at(-gap) != threshold:
            return None
    except DividesByZero:
        return None
    spared = -gap if rule.comparator is Comparator.AT_MOST else gap
    fen = math.floor(spared * _FEN)
    return Decimal(fen).scaleb(-2, context=_EXACT) if abs(fen) < _LIMIT else None


@dataclass(frozen=True, slots=True)
class FundFacts:
    """A fund's money of a year, yuan; `disbursed` less what was given back."""

    kind: str
    counts_towards_floor: bool
    approved: Decimal
    appropriated: Decimal
    disbursed: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules of a year look at, yuan. `figures` are those of the fiscal year, none
    where it is not opened; `verified` is none while no report of the year is."""

    figures: Mapping[str, Decimal | None]
    funds: Mapping[str, FundFacts]
    verified: Decimal | None


def inputs_of(facts: Facts, funds: Sequence[str]) -> dict[str, Decimal | None]:
    """Every input of the year, as a rule that looks at these funds (none: at all) sees it.

    Government input: executed for the items of the city's budget, appropriated for special funds,
    each only if the rule looks at such a fund. The special funds are apart from the three items
    (plan, section 二(七)), so nothing is counted twice.
    """
    looked_at = [each for code, each in facts.funds.items() if not funds or code in funds]
    special = [each for each in looked_at if each.kind == "special"]
    floor = [each for each in special if each.counts_towards_floor]
    kinds = {each.kind for each in looked_at}
    items = [
        facts.figures[name] or Decimal(0)
        for kind, name in (
            ("three_st_expenses", "three_st_expenses"),
            ("science_operating_expenses", "science_operating_expenses"),
        )
        if kind in kinds
    ]
    return {
        **facts.figures,
        "special_funds_approved": sum((each.approved for each in floor), Decimal(0)),
        "special_funds_appropriated": sum((each.appropriated for each in floor), Decimal(0)),
        "special_funds_disbursed": sum((each.disbursed for each in floor), Decimal(0)),
        "enterprise_st_input": facts.verified,
        "government_st_input": sum((each.appropriated for each in special), Decimal(0))
        + sum(items, Decimal(0)),
    }


def reason(
    name_zh: str,
    name_en: str,
    year: int,
    result: Result,
    unit: str,
    comparator: Comparator = Comparator.AT_LEAST,
) -> tuple[str, str]:
    """What was found of a rule, in Chinese and English."""
    if result.state is RuleState.UNKNOWN:
        zh, en = ("、".join(each) or "-" for each in zip(*_named(result.missing), strict=True))
        return (
            f"{year} 年“{name_zh}”无法判断，缺少：{zh}",
            f"{name_en} in {year}: cannot be judged for want of {en}",
        )
    actual, threshold = _short(result.actual), _short(result.threshold)
    at_most = comparator is Comparator.AT_MOST
    return (
        f"{year} 年“{name_zh}”实际 {actual} {unit}，"
        f"要求不{'高' if at_most else '低'}于 {threshold} {unit}",
        f"{name_en} in {year}: actual {actual} {unit}, "
        f"required at {'most' if at_most else 'least'} {threshold} {unit}",
    )


def _named(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not names:
        yield "可保存的数值", "a number that can be kept"
    for name in names:
        if name == THRESHOLD:
            yield "该年度阈值", "a threshold of the year"
        else:
            yield INPUTS[name].zh, INPUTS[name].en


def _short(value: Decimal | None) -> str:
    return "-" if value is None else plain(value)
