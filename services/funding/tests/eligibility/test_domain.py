"""The rules of a call, judged rule by rule."""

from datetime import date, timedelta
from typing import Any

import pytest
from funding.eligibility import domain
from funding.eligibility.domain import Facts
from funding.registry.domain import Held, Registered
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 6, 15)


def applicant(**changes: Any) -> Registered:
    fields: dict[str, Any] = {
        "uscc": "91410184MADEM0007D",
        "name": "麦滋尔糖业",
        "enterprise_class": "high_tech",
        "park_code": "gangqu",
        "active": True,
        "recognitions": (Held("high_tech", "GR1", date(2024, 1, 1), DAY),),
    }
    return Registered(**{**fields, **changes})


def facts(registered: Registered | None, **changes: Any) -> Facts:
    return Facts(**{"day": DAY, "registered": registered, "unit_active": True, **changes})


@pytest.mark.parametrize(
    ("rule", "values", "known", "passes"),
    [
        ("enterprise_class", ["high_tech"], facts(applicant()), True),
        ("enterprise_class", ["ordinary"], facts(applicant()), False),
        ("enterprise_class", ["ordinary"], facts(None), False),
        ("recognition_valid", ["high_tech"], facts(applicant()), True),
        ("recognition_valid", ["high_tech"], facts(applicant(), day=DAY + timedelta(1)), False),
        ("recognition_valid", ["science_type"], facts(applicant()), False),
        ("recognition_valid", ["high_tech"], facts(None), False),
        ("in_park", [], facts(applicant()), True),
        ("in_park", ["gangqu", "longhu"], facts(applicant()), True),
        ("in_park", ["longhu"], facts(applicant()), False),
        ("in_park", [], facts(applicant(park_code=None)), False),
        ("active", [], facts(applicant()), True),
        ("active", [], facts(None), True),
        ("active", [], facts(applicant(active=False)), False),
        ("active", [], facts(None, unit_active=False), False),
        ("no_open_rectification", [], facts(None), True),
        ("no_open_rectification", [], facts(None, open_items=["2026-0001"]), False),
        ("no_duplicate", ["call"], facts(None), True),
        ("no_duplicate", ["call"], facts(None, others={"call": ["3"]}), False),
        ("no_duplicate", ["call"], facts(None, others={"fund_and_year": ["3"]}), True),
        ("no_duplicate", ["fund_and_year"], facts(None, others={"fund_and_year": ["3"]}), False),
    ],
)
def test_a_rule_is_met_or_not(rule: str, values: list[str], known: Facts, passes: bool) -> None:
    (verdict,) = domain.judge([{"rule": rule, "values": values}], known)
    assert verdict.passed is passes
    assert verdict.inputs["day"] == known.day.isoformat()
    assert len(verdict.inputs) > 1, "a verdict shows what it was made of"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in verdict.reason_zh)
    assert verdict.reason_en


def test_what_stands_in_the_way_is_named() -> None:
    rules = [
        {"rule": "no_open_rectification", "values": []},
        {"rule": "no_duplicate", "values": ["call"]},
    ]
    known = facts(None, open_items=["2026-0001", "2026-0002"], others={"call": ["3"]})
    rectification, duplicate = domain.judge(rules, known)
    assert "2026-0001、2026-0002" in rectification.reason_zh
    assert "2026-0001, 2026-0002" in rectification.reason_en
    assert duplicate.inputs["other_applications"] == ["3"]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 2000), st.integers(-9, 2009))
def test_a_recognition_is_valid_on_its_days_and_on_no_others(
    first: date, length: int, offset: int
) -> None:
    held = Held("high_tech", "GR1", first, first + timedelta(length))
    rule = {"rule": "recognition_valid", "values": ["high_tech"]}
    known = facts(applicant(recognitions=(held,)), day=first + timedelta(offset))
    (verdict,) = domain.judge([rule], known)
    assert verdict.passed is (0 <= offset <= length)
