"""Which form asks whom, and what it misses."""

from types import SimpleNamespace
from typing import Any

import pytest
from parks.forms import domain
from parks.forms.domain import Filer

FIELD = {"code": "exports", "name_zh": "出口额", "name_en": "exports", "required": True}
EXPORTS = {**FIELD, "enterprise_classes": []}
OF_HIGH_TECH = {**FIELD, "enterprise_classes": ["high_tech"]}


def form(code: str, **fields: Any) -> Any:
    usual = {"enterprise_classes": [], "above_scale": None, "active": True, "fields": []}
    return SimpleNamespace(code=code, **usual | fields)


def test_a_form_that_is_meant_for_fewer_goes_before_one_for_all() -> None:
    forms = [
        form("all"),
        form("large", above_scale=True),
        form("high-tech", enterprise_classes=["high_tech"]),
        form("gone", enterprise_classes=["ordinary"], active=False),
    ]
    for filer, wanted in (
        (Filer("high_tech", above_scale=True), "high-tech"),
        (Filer("ordinary", above_scale=True), "large"),
        (Filer("ordinary", above_scale=False), "all"),
    ):
        chosen = domain.choose(forms, filer)
        assert chosen is not None
        assert chosen.code == wanted
    assert domain.choose(forms[3:], Filer("ordinary", above_scale=False)) is None


def test_what_is_missing_and_what_is_not_asked_is_named() -> None:
    wrong = domain.wrong_fields([EXPORTS], ["patents"], "ordinary")
    assert [(one.pointer, one.code) for one in wrong] == [
        ("/extra_measures/exports", "field_missing"),
        ("/extra_measures/patents", "field_not_asked"),
    ]
    assert domain.wrong_fields([EXPORTS], ["exports"], "ordinary") == []
    assert domain.wrong_fields([OF_HIGH_TECH], [], "ordinary") == []
    assert len(domain.wrong_fields([OF_HIGH_TECH], [], "high_tech")) == 1


def test_a_version_begins_with_a_period_of_its_frequency_and_names_each_field_once() -> None:
    domain.check_form("quarter", "2026-Q1", ["exports", "patents"], ["sales_revenue"])
    with pytest.raises(domain.WrongFrequency):
        domain.check_form("quarter", "2026-01", [], [])
    for fields in (["a", "a"], ["sales_revenue"]):
        with pytest.raises(domain.FieldsRepeated):
            domain.check_form("year", "2026", fields, ["sales_revenue"])
