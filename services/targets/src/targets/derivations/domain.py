"""Numbers that are worked out from those of other indicators, and why there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servicekit.formulas import (
    DividesByZero,
    Formula,
    TooLarge,
    error,
    evaluate,
    wrong_units,
)
from servicekit.problems import Conflict, FieldError, Unprocessable
from targets.periods.domain import GRACE, ending_on

FREQUENCIES = tuple(GRACE)
"""The more frequent before the less."""
Series = Mapping[date, Decimal]
"""What an indicator comes to at the end of each period with a number."""


class DerivedNumber(Unprocessable):
    code = "derived_number"
    zh = "指标 {indicator} 按公式计算，不能直接给定数值"
    en = "Indicator {indicator} is worked out by a formula; no number of it can be given"


class SourceInUse(Conflict):
    code = "source_in_use"
    zh = "指标 {indicator} 已有数值，不能在公式计算与其他来源之间转换"
    en = "Indicator {indicator} has numbers; it can neither become derived nor cease to be"


class UsedInFormula(Conflict):
    code = "used_in_formula"
    zh = "指标 {indicator} 的公式用到该指标，与本次修改不符：{why_zh}"
    en = "The formula of indicator {indicator} uses it and does not bear the change: {why_en}"


@dataclass(frozen=True, slots=True)
class Input:
    """An indicator that a formula uses."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    unit: str
    frequency: str


@dataclass(frozen=True, slots=True)
class Derived:
    """What the formula came to, or `code` and a sentence in each language that say why it came to
    nothing; `inputs` are what it was given."""

    period: str
    ends_on: date
    inputs: Mapping[str, Decimal | None]
    value: Decimal | None = None
    code: str | None = None
    reason_zh: str | None = None
    reason_en: str | None = None


def wrong_inputs(
    formula: Formula, inputs: Mapping[str, Input], unit: str, frequency: str
) -> Sequence[FieldError]:
    """What does not fit in a formula that is to give numbers of this unit and frequency."""
    unknown = [code for code in formula.codes if code not in inputs]
    if unknown:
        return [_unknown(code) for code in unknown]
    graded = [
        error(
            "not_arithmetic",
            f"“{each.code}”是等级，不能计算",
            f"{each.code} is a grade, which nothing is reckoned with",
        )
        for each in inputs.values()
        if each.kind == "grade"
    ]
    rare = [
        FieldError(
            "/frequency",
            "more_frequent_than_input",
            f"“{each.code}”的频次更低，每期不可能都有数值",
            f"{each.code} has numbers less often than that",
        )
        for each in inputs.values()
        if FREQUENCIES.index(each.frequency) > FREQUENCIES.index(frequency)
    ]
    units = {code: each.unit for code, each in inputs.items()}
    return [*graded, *rare, *wrong_units(formula, units, unit)]


def _unknown(code: str) -> FieldError:
    hint = ("；减号两边须留空格", "; a minus stands between blanks") if "-" in code else ("", "")
    return error(
        "unknown_indicator",
        f"没有指标“{code}”{hint[0]}",
        f"There is no indicator {code}{hint[1]}",
    )


def circular(codes: Sequence[str]) -> FieldError:
    named = ", ".join(codes)
    return error(
        "circular_formula",
        f"循环引用：{named} 又由本指标计算得出",
        f"A circle: {named} is worked out from this indicator",
    )


def derive(
    formula: Formula, series: Mapping[str, Series], frequency: str, inputs: Mapping[str, Input]
) -> dict[str, Derived]:
    """What the formula comes to at the end of each period at which one of its inputs has a number,
    by period, oldest first."""
    found: dict[str, Derived] = {}
    for day in sorted({day for each in series.values() for day in each}):
        span = ending_on(frequency, day)
        if span is not None:
            given = {code: series.get(code, {}).get(day) for code in formula.codes}
            found[span.code] = _derived(formula, span.code, day, given, inputs)
    return found


def _derived(
    formula: Formula,
    period: str,
    day: date,
    given: Mapping[str, Decimal | None],
    inputs: Mapping[str, Input],
) -> Derived:
    values = {code: value for code, value in given.items() if value is not None}
    missing = [inputs[code] for code in given if code not in values]
    if missing:
        zh = "、".join(f"“{each.name_zh}”" for each in missing)
        en = ", ".join(each.name_en for each in missing)
        code, zh, en = "missing_input", f"缺少{zh}的数值", f"there is no number of {en}"
    else:
        try:
            return Derived(period, day, given, value=evaluate(formula, values))
        except DividesByZero:
            code, zh, en = "division_by_zero", "除数为零", "it divides by zero"
        except TooLarge:
            code, zh, en = "number_out_of_range", "数值超出范围", "the number is too large"
    return Derived(
        period,
        day,
        given,
        code=code,
        reason_zh=f"{period} 无法计算：{zh}",
        reason_en=f"{period} cannot be worked out: {en}",
    )


def derive_all(
    made_of: Mapping[str, tuple[Formula, str]],
    told: Callable[[str], Series],
    inputs: Mapping[str, Input],
) -> dict[str, dict[str, Derived]]:
    """What indicators come to of which each has a formula and a frequency; `told` gives what any
    other came to."""
    found: dict[str, dict[str, Derived]] = {}
    series: dict[str, Series] = {}

    def come_to(code: str) -> Series:
        if code not in series and code not in made_of:
            series[code] = told(code)
        elif code not in series:
            formula, frequency = made_of[code]
            given = {each: come_to(each) for each in formula.codes}
            found[code] = derive(formula, given, frequency, inputs)
            series[code] = values_of(found[code])
        return series[code]

    for code in made_of:
        come_to(code)
    return found


def values_of(found: Mapping[str, Derived]) -> dict[date, Decimal]:
    """Where there is a number, as a series."""
    return {each.ends_on: each.value for each in found.values() if each.value is not None}


def lack_of(found: Sequence[Derived]) -> tuple[str, str] | None:
    """Why there is no number of the latest period, in Chinese and English; none where there is."""
    last = found[-1] if found else None
    if last is None or last.reason_zh is None or last.reason_en is None:
        return None
    return last.reason_zh, last.reason_en
