"""Enterprises over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from servicekit.testing.bus import RecordingBus
from stdnum.cn.uscc import calc_check_digit

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_registered_enterprise_is_told_and_found_by_its_code(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    made = await register(name="大有塑业", unit_code="dayou-plastics", above_scale=True)
    assert made["enterprise_class"] == "ordinary"
    [told] = await bus.events("enterprise.changed")
    assert told.subject == f"enterprise:{made['id']}"
    assert told.data == {
        "enterprise_id": made["id"],
        "uscc": made["uscc"],
        "name": "大有塑业",
        "unit_code": "dayou-plastics",
        "park_code": "gangqu",
        "enterprise_class": "ordinary",
        "active": True,
        "above_scale": True,
        "industry": None,
        "merged_into": None,
        "concerned_units": ["dayou-plastics", "gangqu-admin"],
    }
    found = await office.get("/enterprises", uscc=made["uscc"].lower())
    assert [item["id"] for item in found.json()["items"]] == [made["id"]]


async def test_one_code_is_one_enterprise_even_when_registered_twice_at_once(
    office: Caller, gangqu: str, fresh_uscc: Callable[[], str]
) -> None:
    body = {"uscc": fresh_uscc(), "name": "同名", "park_code": gangqu}
    answers = await asyncio.gather(*(office.post("/enterprises", body) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    later = await office.post("/enterprises", body | {"uscc": body["uscc"].lower()})
    assert (later.status_code, later.json()["code"]) == (409, "uscc_taken")


@pytest.mark.parametrize("begin", ["N2", "Y1"])
async def test_a_code_that_begins_with_a_letter_is_one(
    office: Caller, gangqu: str, fresh_uscc: Callable[[], str], begin: str
) -> None:
    stem = begin + fresh_uscc()[2:-1]
    body = {"uscc": stem + calc_check_digit(stem + "0"), "name": f"集体经济组织{begin}"}
    made = await office.post("/enterprises", body)
    assert (made.status_code, made.json()["uscc"]) == (201, body["uscc"]), made.text


async def test_a_patch_changes_what_it_names_and_clears_with_null(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    made = await register(aliases=["甲"])
    path = f"/enterprises/{made['id']}"
    await bus.since_now()
    changed = await office.patch(path, {"park_code": None, "declared_class": "science_type"}, 1)
    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert (after["park_code"], after["enterprise_class"]) == (None, "science_type")
    assert (after["aliases"], after["version"]) == (["甲"], 2)
    assert [event.data["park_code"] for event in await bus.events()] == [None]
    same = await office.patch(path, {"park_code": None})
    assert same.json() == after
    assert len(await bus.events()) == 1
    assert (await office.patch(path, {"name": "新名"}, version=1)).status_code == 412


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"active": None}, "/active"),
        ({"enterprise_class": "high_tech"}, "/enterprise_class"),
        ({"declared_class": "high_tech"}, "/declared_class"),
        ({"uscc": "91110000600037341L"}, "/uscc"),
        ({"name": "\ud800"}, None),
        ({"name": "a\0"}, "/name"),
        ({"name": "长" * 201}, "/name"),
    ],
)
async def test_a_patch_that_makes_no_sense_is_refused(
    office: Caller, register: Make, body: dict[str, Any], pointer: str | None
) -> None:
    made = await register()
    answer = await office.client.patch(
        f"/api/v1/enterprises/{made['id']}",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422, answer.text
    if pointer:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_wrong_code_and_an_unknown_park_are_refused(
    office: Caller, fresh_uscc: Callable[[], str]
) -> None:
    wrong = await office.post("/enterprises", {"uscc": "91110000600037341M", "name": "错"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_uscc")
    nowhere = {"uscc": fresh_uscc(), "name": "无园", "park_code": "atlantis"}
    answer = await office.post("/enterprises", nowhere)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


async def test_each_caller_sees_its_own_in_detail_and_in_lists(
    office: Caller, caller: Callable[..., Awaitable[Caller]], register: Make, park_body: Any
) -> None:
    await office.put(
        "/parks/xuedian",
        park_body(administration_unit=None, jurisdictions=["xuedian-town"]),
    )
    here = await register(unit_code="maizier-sugar")
    there = await register(unit_code="dayou-plastics", park_code="xuedian")
    for role, unit, sees_here, sees_there in [
        ("office", "programme-office", True, True),
        ("auditor", "programme-office", True, True),
        ("finance_payer", "finance-bureau", True, True),
        ("park_admin", "gangqu-admin", True, False),
        ("park_admin", "xuedian-town", False, True),
        ("group_lead", "group-4", True, True),
        ("enterprise", "maizier-sugar", True, False),
        ("enterprise", "dayou-plastics", False, True),
        ("enterprise", None, False, False),
    ]:
        client = await caller(role, unit)
        listed = (await client.get("/enterprises", limit=200)).json()["items"]
        codes = {item["id"] for item in listed}
        for row, sees in ((here, sees_here), (there, sees_there)):
            detail = await client.get(f"/enterprises/{row['id']}")
            assert detail.status_code == (200 if sees else 403), (role, unit)
            assert (row["id"] in codes) is sees, (role, unit)


async def test_a_park_keeps_its_own_enterprises_only(
    park_admin: Caller, enterprise: Caller, register: Make, park_body: Any, office: Caller,
    fresh_uscc: Callable[[], str],
) -> None:  # fmt: skip
    await office.put("/parks/chengbei", park_body(administration_unit=None, jurisdictions=[]))
    for park, status in (("gangqu", 201), ("chengbei", 403), (None, 403)):
        body = {"uscc": fresh_uscc(), "name": f"园内{park}", "park_code": park}
        assert (await park_admin.post("/enterprises", body)).status_code == status
    own = await register()
    path = f"/enterprises/{own['id']}"
    assert (await park_admin.patch(path, {"above_scale": True})).status_code == 200
    assert (await park_admin.patch(path, {"park_code": "chengbei"})).status_code == 403
    assert (await enterprise.patch(path, {"name": "自改"})).status_code == 403
    foreign = await register(park_code="chengbei", unit_code=None)
    theirs = await park_admin.patch(f"/enterprises/{foreign['id']}", {"park_code": "gangqu"})
    assert theirs.status_code == 403


async def test_a_list_goes_on_where_its_cursor_points(office: Caller, register: Make) -> None:
    made = {(await register(name="翻页", namesake=True))["id"] for _ in range(5)}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await office.get("/enterprises", limit=2, **cursor)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert made <= set(seen)
    assert len(seen) == len(set(seen))


async def test_two_codes_of_one_name_are_one_enterprise_unless_said_otherwise(
    office: Caller, register: Make, fresh_uscc: Callable[[], str]
) -> None:
    made = await register(name="郑州（港区）实业有限公司", aliases=["港区实业"])
    for name in ("郑州(港区) 实业有限公司", "港区实业"):
        body = {"uscc": fresh_uscc(), "name": name}
        refused = await office.post("/enterprises", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "enterprise_name_taken")
        [error] = refused.json()["errors"]
        assert error["pointer"] == "/name"
        assert made["uscc"] in error["message"]
    again = {"uscc": fresh_uscc(), "name": "港区实业", "namesake": True}
    assert (await office.post("/enterprises", again)).status_code == 201


async def test_nobody_is_renamed_to_what_another_one_is_called(
    office: Caller, register: Make
) -> None:
    await register(name="改名食品有限公司")
    row = await register(name="另名食品有限公司")
    path = f"/enterprises/{row['id']}"
    taken = await office.patch(path, {"name": "改名食品 有限公司"}, 1)
    assert (taken.status_code, taken.json()["code"]) == (409, "enterprise_name_taken")
    again = await office.patch(path, {"name": "另名食品（有限公司）"}, 1)
    assert again.status_code == 200, "its own name, written in another way"
    said = await office.patch(path, {"name": "改名食品有限公司", "namesake": True}, 2)
    assert (said.status_code, said.json()["name"]) == (200, "改名食品有限公司"), said.text
    assert (await office.patch(path, {"namesake": True}, 3)).json()["version"] == 3


async def test_what_shares_a_name_is_found_by_it_and_as_a_duplicate(
    office: Caller, register: Make
) -> None:
    first = await register(name="双份食品有限公司", unit_code=None)
    other = await register(name="别名食品", unit_code=None, aliases=["双份食品 有限公司"])
    single = await register(name="单份食品", unit_code=None)
    by_name = (await office.get("/enterprises", name="双份食品（有限公司）")).json()["items"]
    assert {each["id"] for each in by_name} == {first["id"], other["id"]}
    found = (await office.get("/enterprises", duplicates=True, limit=200)).json()["items"]
    ids = {each["id"] for each in found}
    assert {first["id"], other["id"]} <= ids
    assert single["id"] not in ids


async def test_an_industry_is_of_the_standard_and_found_with_what_lies_below(
    office: Caller, register: Make
) -> None:
    made = await register(industry="１３４０")
    assert made["industry"] == "C1340"
    found = (await office.get("/enterprises", industry="13", limit=200)).json()["items"]
    assert made["id"] in {each["id"] for each in found}
    path = f"/enterprises/{made['id']}"
    for code in ("A1340", "C1342", "C138"):
        wrong = await office.patch(path, {"industry": code})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_industry")
    assert (await office.patch(path, {"industry": None})).json()["industry"] is None
