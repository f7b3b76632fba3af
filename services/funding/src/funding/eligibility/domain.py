"""The rules of a call, judged on one day: every verdict shows what it was made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from funding.calls.domain import Rule
from funding.registry.domain import Registered

Judged = tuple[bool, dict[str, Any], str, str]
"""Whether it is met, the inputs, and the sentence in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an applicant. `registered` is none for a unit that is no enterprise;
    `open_items` are numbers of open rectifications; `others` the numbers of its other
    applications, by how far one looks: `call`, `fund_and_year`; `failed` what its failed
    acceptances were of, and their days."""

    day: date
    registered: Registered | None
    unit_active: bool
    open_items: Sequence[str] = ()
    others: Mapping[str, Sequence[str]] | None = None
    failed: Sequence[tuple[str, date]] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    rule: str
    values: list[str]
    passed: bool
    inputs: dict[str, Any]
    reason_zh: str
    reason_en: str


def judge(rules: Iterable[Mapping[str, Any]], facts: Facts) -> list[Verdict]:
    """One verdict a rule, in the call's order."""
    return [_judge(Rule(rule["rule"]), list(rule["values"]), facts) for rule in rules]


def _judge(rule: Rule, values: list[str], facts: Facts) -> Verdict:
    passed, inputs, zh, en = _JUDGES[rule](values, facts)
    return Verdict(rule.value, values, passed, {"day": facts.day.isoformat(), **inputs}, zh, en)


def _class(values: list[str], facts: Facts) -> Judged:
    found = facts.registered.enterprise_class if facts.registered else None
    passed, wanted = found in values, ", ".join(values)
    return (
        passed,
        {"enterprise_class": found},
        f"企业类别为 {found or '无（非登记企业）'}，{_met_zh(passed)}要求（{wanted}）",
        f"The class is {found or 'none, no registered enterprise'}; "
        f"{_met_en(passed)} what is asked ({wanted})",
    )


def _recognition(values: list[str], facts: Facts) -> Judged:
    held = facts.registered.recognitions if facts.registered else ()
    of_kind = [each for each in held if each.kind in values]
    valid = [each for each in of_kind if each.is_valid(facts.day)]
    inputs = [
        {
            "kind": each.kind,
            "number": each.number,
            "valid_from": each.valid_from.isoformat(),
            "valid_to": each.valid_to.isoformat(),
        }
        for each in of_kind
    ]
    wanted, number = ", ".join(values), valid[0].number if valid else ""
    zh = (
        f"认定 {number} 在 {facts.day} 有效" if valid else f"{facts.day} 没有有效的认定（{wanted}）"
    )
    en = (
        f"Recognition {number} is valid on {facts.day}"
        if valid
        else f"No recognition ({wanted}) is valid on {facts.day}"
    )
    return bool(valid), {"recognitions": inputs}, zh, en


def _park(values: list[str], facts: Facts) -> Judged:
    park = facts.registered.park_code if facts.registered else None
    passed = park is not None and (not values or park in values)
    wanted_zh, wanted_en = "、".join(values) or "任一园区", ", ".join(values) or "any park"
    return (
        passed,
        {"park_code": park},
        f"所在园区为 {park or '无'}，{_met_zh(passed)}要求（{wanted_zh}）",
        f"The park is {park or 'none'}; {_met_en(passed)} what is asked ({wanted_en})",
    )


def _active(_: list[str], facts: Facts) -> Judged:
    enterprise = facts.registered.active if facts.registered else None
    passed = facts.unit_active and enterprise is not False
    return (
        passed,
        {"unit_active": facts.unit_active, "enterprise_active": enterprise},
        f"申报单位{'存续' if passed else '已停用'}",
        f"The applicant is {'active' if passed else 'not active any more'}",
    )


def _rectification(_: list[str], facts: Facts) -> Judged:
    items = list(facts.open_items)
    return (
        not items,
        {"open_items": items},
        f"未销号的整改事项：{'、'.join(items)}" if items else "没有未销号的整改事项",
        f"Open rectifications: {', '.join(items)}" if items else "No rectification is open",
    )


def _duplicate(values: list[str], facts: Facts) -> Judged:
    others = list((facts.others or {}).get(values[0], ()))
    within = {
        "call": ("本次申报", "this call"),
        "fund_and_year": ("本资金本年度", "this fund and year"),
    }
    zh, en = within[values[0]]
    return (
        not others,
        {"within": values[0], "other_applications": others},
        f"{zh}内另有申请：{'、'.join(others)}" if others else f"{zh}内没有其他申请",
        f"Other applications in {en}: {', '.join(others)}"
        if others
        else f"No other application in {en}",
    )


def _acceptance(values: list[str], facts: Facts) -> Judged:
    """A failure of a day bars until that day some years later is over."""
    since = (facts.day.year - int(values[0]), facts.day.month, facts.day.day)
    bars = [
        {"title": title, "concluded_on": day.isoformat()}
        for title, day in facts.failed
        if (day.year, day.month, day.day) >= since
    ]
    titles = [each["title"] for each in bars]
    return (
        not bars,
        {"years": values[0], "failed_acceptances": bars},
        f"{values[0]} 年内验收未通过：{'、'.join(titles)}"
        if bars
        else f"{values[0]} 年内没有未通过的验收",
        f"Failed acceptances within {values[0]} years: {', '.join(titles)}"
        if bars
        else f"No acceptance failed within {values[0]} years",
    )


def _met_zh(passed: bool) -> str:
    return "符合" if passed else "不符合"


def _met_en(passed: bool) -> str:
    return "it meets" if passed else "it does not meet"


_JUDGES = {
    Rule.ENTERPRISE_CLASS: _class,
    Rule.RECOGNITION_VALID: _recognition,
    Rule.IN_PARK: _park,
    Rule.ACTIVE: _active,
    Rule.NO_OPEN_RECTIFICATION: _rectification,
    Rule.NO_DUPLICATE: _duplicate,
    Rule.NO_FAILED_ACCEPTANCE: _acceptance,
}
