"""Rules that look at a return's numbers, and what they find.

A rule compares a number with what it should be: another number of the return, the same number of
the period before, the sum of the finer periods, the sum of a park's enterprises. What lies outside
is an error, which refuses the return, or a warning, which wants an explanation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from servicekit.decimals import plain
from servicekit.problems import FieldError, Unprocessable

Numbers = Mapping[str, Decimal]
STOCKS = frozenset({"employees"})
"""What is counted on a day: a quarter has that of its last month, not the sum of three."""
TWO = frozenset({"at_most", "ratio"})
"""Kinds that compare two numbers of one return."""
PLACES = Decimal("0.000001")


class RuleIncomplete(Unprocessable):
    code = "rule_incomplete"
    zh = "规则不完整：{why_zh}"
    en = "The rule is not complete: {why_en}"


class ReturnNotSound(Unprocessable):
    code = "return_not_sound"
    zh = "报表未通过审核关系：有误的须改正，提示的须逐条说明"
    en = "The return does not keep the rules: mend what is wrong, explain what is unusual"


class Rule(Protocol):
    """A rule; `Any`, because a mapped class declares `Mapped[str]`."""

    code: Any
    kind: Any
    severity: Any
    measure: Any
    other: Any
    lowest: Any
    highest: Any
    name_zh: Any
    name_en: Any


@dataclass(frozen=True, slots=True)
class Case:
    """A return's numbers with those they are compared with: the period before, the parts of the
    period (none where one of them is missing), the enterprises of a park."""

    numbers: Numbers
    previous: Numbers | None = None
    parts: Sequence[Numbers] | None = None
    enterprises: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """What was measured, and between what it should be; a bound that is none is open."""

    measured: Decimal
    low: Decimal | None
    high: Decimal | None
    unit: str = ""

    @property
    def holds(self) -> bool:
        above = self.low is None or self.measured >= self.low
        return above and (self.high is None or self.measured <= self.high)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a number, and why it may be so."""

    rule_code: str
    severity: str
    measure: str
    message_zh: str
    message_en: str
    explanation: str | None = field(default=None)


def check_rule(
    kind: str, other: str | None, lowest: Decimal | None, highest: Decimal | None
) -> None:
    """A rule says all that it needs, and no more.

    Raises:
        RuleIncomplete: the other number or the bounds are missing, too much, or cross.
    """
    if (kind in TWO) != (other is not None):
        raise _incomplete("other", "比较对象", "the number compared with")
    if kind in ("ratio", "jump"):
        if lowest is None and highest is None:
            raise _incomplete("lowest", "上下限", "its bounds")
        if lowest is not None and highest is not None and lowest > highest:
            raise _incomplete("lowest", "下限不大于上限", "a lower bound that is not above")
    elif lowest is not None or (kind == "at_most" and highest is not None):
        raise _incomplete("lowest", "此类规则没有该界限", "a kind that has such a bound")


def _incomplete(place: str, why_zh: str, why_en: str) -> RuleIncomplete:
    return RuleIncomplete(why_zh=f"须有{why_zh}", why_en=f"it needs {why_en}").at(f"/{place}")


def applies(rule: Any, frequency: str, enterprise_class: str | None, day: date) -> bool:
    """Whether a rule looks at a return of this kind, of this class, of a period ending that day."""
    return (
        rule.active
        and (not rule.frequencies or frequency in rule.frequencies)
        and (
            enterprise_class is None
            or not rule.enterprise_classes
            or enterprise_class in rule.enterprise_classes
        )
        and (rule.valid_from is None or rule.valid_from <= day)
        and (rule.valid_to is None or rule.valid_to >= day)
    )


def judge(rules: Iterable[Rule], case: Case) -> list[Finding]:
    """What the rules find, in their order."""
    found = ((rule, range_of(rule, case)) for rule in rules)
    return [said(rule, seen) for rule, seen in found if seen is not None and not seen.holds]


def range_of(rule: Rule, case: Case) -> Range | None:
    """What the rule looks at; none where there is nothing to compare with."""
    measured = case.numbers.get(rule.measure)
    if measured is None:
        return None
    match rule.kind:
        case "at_most":
            limit = case.numbers.get(rule.other)
            return None if limit is None else Range(measured, None, limit)
        case "ratio":
            return _percent(measured, case.numbers.get(rule.other), rule)
        case "jump":
            last = (case.previous or {}).get(rule.measure)
            return _percent(measured - last, abs(last), rule) if last is not None else None
        case "sum_of_parts":
            return _near(measured, _sum(rule.measure, case.parts), rule)
        case _:
            return _near(measured, (case.enterprises or {}).get(rule.measure), rule)


def _percent(part: Decimal, whole: Decimal | None, rule: Rule) -> Range | None:
    if not whole:
        return None
    share = (part * 100 / whole).quantize(Decimal("0.01"))
    return Range(share, rule.lowest, rule.highest, "%")


def _near(measured: Decimal, wanted: Decimal | None, rule: Rule) -> Range | None:
    if wanted is None:
        return None
    reach = (abs(wanted) * (rule.highest or 0) / 100).quantize(PLACES)
    return Range(measured, wanted - reach, wanted + reach)


def _sum(measure: str, parts: Sequence[Numbers] | None) -> Decimal | None:
    """The parts together; of what is counted on a day the last one."""
    if not parts or any(measure not in one for one in parts):
        return None
    if measure in STOCKS:
        return parts[-1][measure]
    return sum((one[measure] for one in parts), Decimal(0))


def said(rule: Rule, seen: Range) -> Finding:
    """The finding in words, with the number and what it should be."""
    low, high, unit = seen.low, seen.high, seen.unit
    should = [("不低于", "at least", low), ("不高于", "at most", high)]
    zh = "、".join(
        f"{words} {plain(bound)}{unit}" for words, _, bound in should if bound is not None
    )
    en = " and ".join(
        f"{words} {plain(bound)}{unit}" for _, words, bound in should if bound is not None
    )
    measured = f"{plain(seen.measured)}{unit}"
    return Finding(
        rule.code,
        rule.severity,
        rule.measure,
        f"{rule.name_zh}：{rule.measure} 为 {measured}，应{zh}",
        f"{rule.name_en}: {rule.measure} is {measured}, should be {en}",
    )


def settle(
    findings: Sequence[Finding], explanations: Mapping[str, str], wrong: Sequence[FieldError] = ()
) -> list[Finding]:
    """The findings with their explanations; `wrong` is what else is wrong with the return.

    Raises:
        ReturnNotSound: there is an error, a warning without an explanation, or an explanation of
            nothing.
    """
    errors = [*wrong]
    warned = {one.rule_code for one in findings if one.severity == "warning"}
    for one in findings:
        if one.severity == "error":
            place = f"/measures/{one.measure}"
            errors.append(FieldError(place, one.rule_code, one.message_zh, one.message_en))
        elif one.rule_code not in explanations:
            place = f"/explanations/{one.rule_code}"
            zh, en = f"须说明：{one.message_zh}", f"Explain this: {one.message_en}"
            errors.append(FieldError(place, "explanation_needed", zh, en))
    for code in sorted(explanations.keys() - warned):
        zh, en = "没有这样的提示", "There is no such warning"
        errors.append(FieldError(f"/explanations/{code}", "nothing_to_explain", zh, en))
    if errors:
        raise ReturnNotSound(errors=tuple(errors))
    return [
        Finding(
            one.rule_code,
            one.severity,
            one.measure,
            one.message_zh,
            one.message_en,
            explanations[one.rule_code],
        )
        for one in findings
    ]
