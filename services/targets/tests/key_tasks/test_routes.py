"""Key tasks over HTTP."""

from typing import Any


def body(world: Any, *deliverables: str) -> dict[str, Any]:
    return {
        **world.names("bases"),
        "programme": "innovation-programme",
        "number": 3,
        "description_zh": "建设创新基地",
        "description_en": "Build innovation bases",
        "lead_unit": "st-bureau",
        "supporting_units": ["finance-bureau"],
        "starts_on": "2026-01-01",
        "due_on": "2028-12-31",
        "deliverables": [
            {
                **world.names(code),
                "code": code,
                "kind": "count",
                "quantity": "2",
                "unit": "个",
                "indicator": None,
                "due_on": "2028-12-31",
                "responsible_units": ["st-bureau"],
            }
            for code in deliverables
        ],
    }


async def test_a_task_comes_back_with_its_deliverables(world: Any) -> None:
    wanted = body(world, "laboratories", "centres")
    await world.put("key-tasks/bases", wanted, status=201)
    row = await world.get("key-tasks/bases")
    assert {name: row[name] for name in wanted} == wanted
    assert (await world.put("key-tasks/bases", wanted, status=200))["version"] == 1
    fewer = await world.put("key-tasks/bases", body(world, "centres", "incubators"))
    assert [d["code"] for d in fewer["deliverables"]] == ["centres", "incubators"]
    assert fewer["version"] == 2


async def test_what_it_refers_to_must_be_there(world: Any) -> None:
    wanted = body(world, "x")
    wanted["deliverables"][0]["indicator"] = "nothing"
    assert (await world.put("key-tasks/other", wanted, 422))["code"] == "unknown_reference"
    twice = body(world, "x", "x")
    assert (await world.put("key-tasks/other", twice, 422))["code"] == "validation_failed"
    backwards = body(world) | {"due_on": "2025-01-01"}
    assert (await world.put("key-tasks/other", backwards, 422))["code"] == "validation_failed"
    taken = body(world)
    assert (await world.put("key-tasks/other", taken, 409))["code"] == "already_exists"


async def test_tasks_are_found_by_a_unit_that_supports_them(world: Any) -> None:
    found = await world.get("key-tasks", unit="finance-bureau")
    assert [row["code"] for row in found["items"]] == ["bases"]
    assert (await world.get("key-tasks", unit="xuedian-town"))["items"] == []
