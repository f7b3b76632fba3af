"""What the rules find."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from parks.quality import domain
from parks.quality.domain import Case, Finding


def rule(kind: str, measure: str, **fields: Any) -> Any:
    names = {"code": kind, "severity": "warning", "name_zh": "规则", "name_en": "Rule"}
    usual = {"other": None, "lowest": None, "highest": None}
    return SimpleNamespace(kind=kind, measure=measure, **names | usual | fields)


def numbers(**values: int | str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}


def found(case: Case, *rules: Any) -> list[str]:
    return [one.message_en for one in domain.judge(rules, case)]


def test_a_part_is_at_most_its_whole() -> None:
    at_most = rule("at_most", "own", other="all")
    assert found(Case(numbers(own=5, all=5)), at_most) == []
    assert found(Case(numbers(own=6, all=5)), at_most) == ["Rule: own is 6, should be at most 5"]
    assert found(Case(numbers(own=6)), at_most) == []


def test_a_share_lies_between_its_bounds_and_there_is_none_of_nothing() -> None:
    share = rule("ratio", "rd", other="sales", lowest=Decimal(1), highest=Decimal(30))
    assert found(Case(numbers(rd=30, sales=100)), share) == []
    assert found(Case(numbers(rd=31, sales=100)), share) == [
        "Rule: rd is 31%, should be at least 1% and at most 30%"
    ]
    assert found(Case(numbers(rd=31, sales=0)), share) == []


def test_a_jump_is_told_against_the_period_before() -> None:
    jump = rule("jump", "sales", lowest=Decimal(-50), highest=Decimal(100))
    assert found(Case(numbers(sales=200), previous=numbers(sales=100)), jump) == []
    assert found(Case(numbers(sales=201), previous=numbers(sales=100)), jump) != []
    assert found(Case(numbers(sales=49), previous=numbers(sales=100)), jump) != []
    assert found(Case(numbers(sales=49)), jump) == []
    assert found(Case(numbers(sales=49), previous=numbers(sales=0)), jump) == []


def test_a_quarter_is_its_months_and_a_stock_that_of_the_last() -> None:
    months = [numbers(sales=n, employees=n) for n in (1, 2, 3)]
    parts = rule("sum_of_parts", "sales", highest=Decimal(10))
    staff = rule("sum_of_parts", "employees")
    assert found(Case(numbers(sales="6.6", employees=3), parts=months), parts, staff) == []
    assert found(Case(numbers(sales="6.7", employees=4), parts=months), parts, staff) == [
        "Rule: sales is 6.7, should be at least 5.4 and at most 6.6",
        "Rule: employees is 4, should be at least 3 and at most 3",
    ]
    assert found(Case(numbers(sales=9)), parts) == []


def test_a_park_is_its_enterprises() -> None:
    whole = rule("park_total", "sales", highest=Decimal(0))
    assert found(Case(numbers(sales=7), enterprises=numbers(sales=7)), whole) == []
    assert len(found(Case(numbers(sales=8), enterprises=numbers(sales=7)), whole)) == 1


@pytest.mark.parametrize(
    ("kind", "other", "lowest", "highest"),
    [
        ("at_most", None, None, None),
        ("at_most", "all", None, "5"),
        ("ratio", "all", None, None),
        ("ratio", "all", "5", "4"),
        ("jump", "all", None, "5"),
        ("jump", None, None, None),
        ("sum_of_parts", None, "1", "5"),
        ("park_total", "all", None, None),
    ],
)
def test_a_rule_says_what_it_needs_and_no_more(
    kind: str, other: str | None, lowest: str | None, highest: str | None
) -> None:
    bounds = [None if each is None else Decimal(each) for each in (lowest, highest)]
    with pytest.raises(domain.RuleIncomplete):
        domain.check_rule(kind, other, *bounds)


def test_errors_refuse_and_warnings_want_an_explanation() -> None:
    error = Finding("e", "error", "sales", "错", "wrong")
    warning = Finding("w", "warning", "rd", "异常", "unusual")
    with pytest.raises(domain.ReturnNotSound) as caught:
        domain.settle([error, warning], {"other": "?"})
    assert [(one.pointer, one.code) for one in caught.value.errors] == [
        ("/measures/sales", "e"),
        ("/explanations/w", "explanation_needed"),
        ("/explanations/other", "nothing_to_explain"),
    ]
    [kept] = domain.settle([warning], {"w": "新建中试线"})
    assert kept.explanation == "新建中试线"
