"""Units and working groups over HTTP."""

import asyncio
from typing import Any

PATH = "/api/v1/units"


def unit(world: Any, code: str, **changes: Any) -> dict[str, Any]:
    body = {**world.names(code), "kind": "bureau", "parent": None, "aliases": [], "active": True}
    return body | changes


async def test_a_new_unit_is_announced_with_its_superior(world: Any) -> None:
    await world.bus.since_now()
    answer = await (await world.office()).put(
        f"{PATH}/ndrc", json=unit(world, "ndrc", parent="headquarters")
    )
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/units/ndrc"
    assert answer.headers["etag"] == '"1"'
    (event,) = await world.bus.events()
    assert event.type == "kechuang.targets.unit.changed.v1"
    assert event.data["parent_codes"] == ["headquarters"]


async def test_an_equal_body_changes_nothing_and_a_different_one_counts_up(world: Any) -> None:
    body = unit(world, "sta")
    await world.put("units/sta", body, status=201)
    await world.bus.since_now()
    assert (await world.put("units/sta", body, status=200))["version"] == 1
    assert await world.bus.events() == []
    changed = await world.put("units/sta", body | {"aliases": ["科协"]}, status=200)
    assert changed["version"] == 2
    assert len(await world.bus.events("unit.changed", "unit:sta")) == 1
    stale = await (await world.office()).put(f"{PATH}/sta", json=body, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


async def test_a_circle_is_refused_also_when_two_make_it_together(world: Any) -> None:
    await world.put("units/a", unit(world, "a"))
    await world.put("units/b", unit(world, "b", parent="a"))
    refused = await world.put("units/a", unit(world, "a", parent="b"), status=409)
    assert refused["code"] == "circular_unit_tree"
    await world.put("units/c", unit(world, "c"))
    await world.put("units/d", unit(world, "d"))
    office = await world.office()
    answers = await asyncio.gather(
        office.put(f"{PATH}/c", json=unit(world, "c", parent="d")),
        office.put(f"{PATH}/d", json=unit(world, "d", parent="c")),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_the_superior_must_be_there(world: Any) -> None:
    refused = await world.put("units/x", unit(world, "x", parent="nobody"), status=422)
    assert refused["code"] == "unknown_reference"


async def test_only_the_office_writes_and_everyone_reads(world: Any) -> None:
    reporter = await world.as_("unit_reporter", "st-bureau")
    assert (await reporter.get(f"{PATH}/st-bureau")).status_code == 200
    assert (await reporter.put(f"{PATH}/y", json=unit(world, "y"))).status_code == 403
    machine = await world.as_("system", None, scope="units.read")
    assert (await machine.get(PATH)).status_code == 200
    assert (await machine.put(f"{PATH}/y", json=unit(world, "y"))).status_code == 403
    assert (await (await world.as_("ops", None)).get(PATH)).status_code == 403


async def test_hostile_bodies_are_told_what_is_wrong(world: Any) -> None:
    office = await world.office()
    for change in (
        {"name_zh": "a\x00b"},
        {"name_zh": ""},
        {"kind": "kingdom"},
        {"surprise": 1},
        {"aliases": ["x" * 201]},
        {"parent": "NOT A CODE"},
    ):
        answer = await office.put(f"{PATH}/z", json=unit(world, "z", **change))
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == "validation_failed"
    raw = b'{"name_zh": "\\ud800", "name_en": "x", "kind": "bureau"}'
    answer = await office.put(
        f"{PATH}/z", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert (await office.get(f"{PATH}/z")).status_code == 404


async def test_units_are_announced_again_when_they_join_or_leave_a_group(world: Any) -> None:
    await world.put("units/group-2", unit(world, "group-2", kind="working_group"))
    await world.bus.since_now()
    await world.put("working-groups/group-2", world.group_body(2, "st-bureau", "xuedian-town"))
    joined = await world.bus.events("unit.changed")
    assert [event.subject for event in joined] == ["unit:st-bureau", "unit:xuedian-town"]
    assert joined[0].data["parent_codes"] == ["headquarters", "group-1", "group-2"]
    await world.bus.since_now()
    body = world.group_body(2, "st-bureau")
    assert (await world.put("working-groups/group-2", body))["version"] == 2
    (left,) = await world.bus.events("unit.changed")
    assert (left.subject, left.data["parent_codes"]) == ("unit:xuedian-town", ["group-4"])
    await world.bus.since_now()
    assert (await world.put("working-groups/group-2", body))["version"] == 2
    assert await world.bus.events() == []


async def test_a_group_needs_a_unit_of_its_kind_and_each_member_once(world: Any) -> None:
    refused = await world.put("working-groups/st-bureau", world.group_body(9), status=422)
    assert refused["code"] == "not_a_working_group"
    twice = world.group_body(2, "st-bureau", "st-bureau")
    assert (await world.put("working-groups/group-2", twice, status=422))["errors"]


async def test_the_list_is_walked_by_cursor_and_by_time(world: Any) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.get("units", limit=3, **cursor)
        seen += [row["code"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == sorted(set(seen))
    assert len(seen) >= 7
    last = await world.get("units", sort="-updated_at", limit=1)
    since = await world.get("units", updated_since=last["items"][0]["updated_at"])
    assert [row["code"] for row in since["items"]] == [last["items"][0]["code"]]
