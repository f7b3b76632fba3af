"""Indicators over HTTP."""

import asyncio
from typing import Any

PATH = "/api/v1/indicators"


async def test_an_indicator_comes_back_as_it_was_put(world: Any) -> None:
    body = world.indicator_body("value-added")
    await world.bus.since_now()
    await world.put("indicators/value-added", body, status=201)
    row = await world.get("indicators/value-added")
    assert {name: row[name] for name in body} == body
    assert await world.bus.types() == ["kechuang.targets.indicator.changed.v1"]
    await world.bus.since_now()
    assert (await world.put("indicators/value-added", body, status=200))["version"] == 1
    assert await world.bus.events() == []


async def test_a_changed_target_leaves_a_revision(world: Any) -> None:
    await world.indicator("revised")
    milestones = [{"year": 2026, "value": "33"}, {"year": 2027, "value": "45"}]
    row = await world.indicator(
        "revised", milestones=milestones, document_no="科发〔2027〕3号", reason="调整"
    )
    assert (row["milestones"], row["version"]) == (milestones, 2)
    found = await world.get("indicators/revised/revisions")
    assert {(r["year"], r["old_value"], r["new_value"]) for r in found["items"]} == {
        (2027, "40", "45"),
        (2028, "54", None),
    }
    assert {r["document_no"] for r in found["items"]} == {"科发〔2027〕3号"}
    assert "document_no" not in row


async def test_a_bad_definition_is_refused_with_its_places(world: Any) -> None:
    wrong = world.indicator_body("bad", milestones=[], unit="")
    answer = await world.put("indicators/bad", wrong, status=422)
    assert {error["pointer"] for error in answer["errors"]} == {"/milestones", "/unit"}
    answer = await world.put("indicators/bad", world.indicator_body("b", tolerance="1"), status=422)
    assert answer["errors"][0]["pointer"] == "/tolerance"
    answer = await world.put(
        "indicators/bad", world.indicator_body("b", lead_unit="nobody"), status=422
    )
    assert answer["code"] == "unknown_reference"
    huge = [{"year": 2026, "value": "99999999999999999999"}]
    answer = await world.put("indicators/bad", world.indicator_body("b", milestones=huge), 422)
    assert answer["status"] == 422
    numbers = [{"year": 2**63, "value": "1"}, {"year": 2026, "value": 1.5}]
    answer = await world.put("indicators/bad", world.indicator_body("b", milestones=numbers), 422)
    assert len(answer["errors"]) == 2


async def test_two_at_once_make_one(world: Any) -> None:
    office = await world.office()
    body = world.indicator_body("twice")
    answers = await asyncio.gather(*[office.put(f"{PATH}/twice", json=body) for _ in range(8)])
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert (await world.get("indicators/twice"))["version"] == 1


async def test_filters_and_roles(world: Any) -> None:
    await world.indicator("fed", source_kind="parks", source_metric="x.y", lead_unit="group-4")
    found = await world.get("indicators", source_kind="parks")
    assert [row["code"] for row in found["items"]] == ["fed"]
    assert (await world.get("indicators", lead_unit="group-4", include_total=True))["total"] == 1
    enterprise = await world.as_("enterprise", "maizier-sugar")
    assert (await enterprise.get(f"{PATH}/fed")).status_code == 200
    body = world.indicator_body("fed")
    assert (await enterprise.put(f"{PATH}/fed", json=body)).status_code == 403
    assert (await enterprise.get(f"{PATH}/nothing")).status_code == 404
    assert (await enterprise.get(f"{PATH}/%00")).status_code == 422


async def test_what_cannot_be_measured_is_refused_and_says_why(world: Any) -> None:
    for change, pointer, code in [
        ({"unit": "斗"}, "/unit", "unknown_unit"),
        ({"kind": "ratio", "unit": "%"}, "/time_aggregation", "aggregation_does_not_fit"),
        ({"unit_aggregation": "median"}, "/unit_aggregation", "literal_error"),
        ({"baseline": [{"year": 2024, "value": "1"}] * 2}, "/baseline", "two_baselines"),
        ({"baseline": {"year": 2026, "value": "1"}}, "/baseline/year", "not_before"),
    ]:
        body = world.indicator_body("unsound", **change)
        answer = await world.put("indicators/unsound", body, status=422)
        assert answer["errors"][0]["pointer"] == pointer
        assert answer["errors"][0]["code"] == code
        assert answer["errors"][0]["message"] != "值不符合要求"


async def test_the_unit_of_numbers_that_are_there_does_not_change(world: Any) -> None:
    await world.indicator("kept-unit")
    await world.indicator("kept-unit", unit="万元")
    await world.verified("kept-unit", "2026-Q1", value="3")
    body = world.indicator_body("kept-unit", unit="亿元")
    assert (await world.put("indicators/kept-unit", body, status=409))["code"] == "unit_in_use"
