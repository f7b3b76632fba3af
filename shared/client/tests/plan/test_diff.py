"""Only what differs in meaning is a difference."""

from typing import Any

import pytest
from kechuang.plan.bodies import Desired
from kechuang.plan.diff import compare


def differences(new: dict[str, Any], old: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    change = compare(Desired("indicators", "x", new), old)
    assert (change.action == "keep") == (not change.fields)
    return [(field.name, field.old, field.new) for field in change.fields]


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ({"value": "2.0"}, {"value": "2.000"}),
        ({"value": "33"}, {"value": "33", "status": "green"}),
        ({"units": ["a", "b"]}, {"units": ["b", "a"]}),
        ({"baseline": None}, {}),
        ({"baseline": {"year": 1, "value": "2"}}, {"baseline": {"value": "2.0", "year": 1}}),
        (
            {"milestones": [{"year": 1, "value": "2"}, {"year": 2, "value": "3"}]},
            {"milestones": [{"year": 2, "value": "3"}, {"year": 1, "value": "2", "id": 9}]},
        ),
        ({"goals": [{"text": "a"}]}, {"goals": [{"text": "a", "id": 1}]}),
    ],
)
def test_the_same_in_other_words_is_no_change(new: dict[str, Any], old: dict[str, Any]) -> None:
    assert differences(new, old) == []


@pytest.mark.parametrize(
    ("new", "old", "name"),
    [
        ({"value": "33"}, {"value": "34"}, "value"),
        ({"active": True}, {"active": 1}, "active"),
        ({"unit": "1"}, {"unit": 1}, "unit"),
        ({"baseline": None}, {"baseline": {"year": 1, "value": "2"}}, "baseline"),
        ({"units": ["a"]}, {"units": ["a", "b"]}, "units"),
        ({"grade_ladder": ["a", "b"]}, {"grade_ladder": ["b", "a"]}, "grade_ladder"),
        ({"goals": [{"text": "a"}]}, {"goals": [{"text": "b"}]}, "goals[0].text"),
        ({"goals": []}, {"goals": [{"text": "b"}]}, "goals"),
        (
            {"milestones": [{"year": 1, "value": "2"}]},
            {"milestones": [{"year": 1, "value": "3"}]},
            "milestones[1].value",
        ),
        (
            {"milestones": [{"year": 1, "value": "2"}]},
            {"milestones": [{"year": 1, "value": "2"}, {"year": 2, "value": "3"}]},
            "milestones[2]",
        ),
        (
            {"headings": [{"code": "a"}, {"code": "b"}]},
            {"headings": [{"code": "b"}, {"code": "a"}]},
            "headings",
        ),
    ],
)
def test_a_difference_is_named_by_its_field(
    new: dict[str, Any], old: dict[str, Any], name: str
) -> None:
    assert [found[0] for found in differences(new, old)] == [name]


def test_what_is_not_there_is_created() -> None:
    assert compare(Desired("units", "a", {"name_zh": "甲"}), None).action == "create"
