"""Programmes over HTTP."""

from typing import Any


async def test_a_programme_runs_forward_from_its_anchor_year(world: Any) -> None:
    body = world.programme_body()
    answer = await world.put("programmes/p2", body | {"ends_on": "2025-01-01"}, status=422)
    assert answer["errors"][0]["pointer"] == "/ends_on"
    answer = await world.put("programmes/p2", body | {"anchor_year": 2027}, status=422)
    assert answer["errors"][0]["pointer"] == "/anchor_year"


async def test_it_comes_back_as_it_was_put(world: Any) -> None:
    rule = {
        **world.names("inspection"),
        "code": "monthly-inspection",
        "cadence": "monthly",
        "owner_unit": "headquarters",
        "text_zh": "每月检查",
        "text_en": "inspect monthly",
    }
    body = world.programme_body() | {"standing_rules": [rule]}
    await world.put("programmes/p3", body, status=201)
    row = await world.get("programmes/p3")
    assert {name: row[name] for name in body} == body
    assert (await world.put("programmes/p3", body, status=200))["version"] == 1
    codes = [row["code"] for row in (await world.get("programmes"))["items"]]
    assert codes == ["innovation-programme", "p3"]


async def test_its_units_must_be_there(world: Any) -> None:
    body = world.programme_body() | {"lead_unit": "nobody"}
    assert (await world.put("programmes/p4", body, status=422))["code"] == "unknown_reference"
