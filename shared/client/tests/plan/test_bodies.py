"""Bodies of the public API: years made real, references before what refers to them."""

import json
from typing import Any

from kechuang.plan import Plan
from kechuang.plan.bodies import RESOURCES, desired_state


def bodies(plan: Plan, anchor_year: int = 2026) -> dict[str, dict[str, Any]]:
    return {f"{d.resource}/{d.code}": dict(d.body) for d in desired_state(plan, anchor_year)}


def test_years_follow_the_anchor_year(plan: Plan) -> None:
    body = bodies(plan, 2031)["indicators/high-tech-value-added"]
    assert body["baseline"] == {"year": 2030, "value": "27"}
    assert body["milestones"] == [
        {"year": 2031, "value": "33"},
        {"year": 2032, "value": "40"},
        {"year": 2033, "value": "54"},
    ]
    assert bodies(plan, 2031)["key-tasks/iur-transfer"]["due_on"] == "2033-12-31"


def test_numbers_keep_the_digits_of_the_plan(plan: Plan) -> None:
    rule = bodies(plan)["funding-rules/three-st-share"]
    assert rule["thresholds"][0] == {"year": 2026, "value": "2.0"}


def test_every_body_is_named_in_both_languages_with_its_place(plan: Plan) -> None:
    for key, body in bodies(plan).items():
        assert body["name_zh"], key
        assert body["name_en"], key
        assert body["source_ref"], key
        assert "code" not in body, key


def test_parents_come_before_children_and_resources_in_order(plan: Plan) -> None:
    wanted = desired_state(plan, 2026)
    seen: set[str] = set()
    for item in wanted:
        if item.resource == "units":
            assert item.body["parent"] is None or item.body["parent"] in seen
            seen.add(item.code)
    order = [RESOURCES.index(item.resource) for item in wanted]
    assert order == sorted(order)
    assert set(order) == set(range(len(RESOURCES)))


def test_bodies_are_json_and_within_the_api_s_limits(plan: Plan) -> None:
    for key, body in bodies(plan).items():
        for name, value in json.loads(json.dumps(body)).items():
            if isinstance(value, str):
                limit = 200 if name.startswith("name_") else 2000
                assert len(value) <= (100 if name == "source_ref" else limit), (key, name)
        assert all(0 < len(part) <= 64 for part in key.split("/"))
