"""Funds over HTTP: the plan's bodies, and only those."""

import asyncio
from typing import Any

import pytest


async def test_the_same_body_twice_changes_nothing(house: Any) -> None:
    first = await house.put("office", "/funds/ip-fund", house.fund_body())
    assert first.status_code == 201
    assert first.headers["location"] == "/api/v1/funds/ip-fund"
    audited = "SELECT count(*) n FROM audit_entry WHERE object_id = 'ip-fund'"
    before = await house.rows(audited)
    again = await house.put(
        "office", "/funds/ip-fund", house.fund_body(), etag=first.headers["etag"]
    )
    assert again.status_code == 200
    assert again.json() == first.json()
    assert await house.rows(audited) == before


async def test_a_change_is_a_new_version(house: Any) -> None:
    await house.put("office", "/funds/base-fund", house.fund_body())
    body = house.fund_body(purpose_en="Key laboratories", source_ref=None)
    changed = await house.put("office", "/funds/base-fund", body)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    read = await house.get("enterprise", "/funds/base-fund")
    assert read.json() == changed.json()
    assert read.headers["etag"] == '"2"'
    assert read.json()["source_ref"] is None


async def test_a_fund_that_is_defined_or_changed_is_told_by_its_name(house: Any) -> None:
    for name in ("一号资金", "一号资金", "二号资金"):
        await house.put("office", "/funds/told-fund", house.fund_body(name_zh=name))
    told = await house.bus.events("fund.changed", "fund:told-fund")
    assert [event.data["name"] for event in told] == ["一号资金", "二号资金"]


async def test_two_who_define_the_same_fund_at_once_make_one(house: Any) -> None:
    calls = [house.put("office", "/funds/twin-fund", house.fund_body()) for _ in range(8)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert {answer.json()["version"] for answer in answers} == {1}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "other"}, "/kind"),
        ({"surprise": 1}, "/surprise"),
        ({"name_zh": "a\x00b"}, "/name_zh"),
        ({"name_zh": "x" * 201}, "/name_zh"),
        ({"counts_towards_floor": "perhaps"}, "/counts_towards_floor"),
    ],
)
async def test_bad_input_is_refused_with_its_place(
    house: Any, change: dict[str, Any], pointer: str
) -> None:
    response = await house.put("office", "/funds/bad-fund", house.fund_body(**change))
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["pointer"] == pointer
    assert (await house.get("office", "/funds/bad-fund")).status_code == 404


async def test_only_the_office_defines_funds(house: Any) -> None:
    for role in ("finance_maker", "finance_checker", "unit_reporter", "leader"):
        response = await house.put(role, "/funds/ip-fund", house.fund_body())
        assert response.status_code == 403, role
    kinds = await house.get("leader", "/funds?kind=three_st_expenses")
    assert kinds.json()["items"] == []


async def test_a_lone_surrogate_and_broken_json_are_refused(house: Any) -> None:
    office = await house.as_("office")
    for raw in (b'{"name_zh": "a\\ud800b"}', b'{"name_zh": ', b"\xff", b"[]", b""):
        response = await office.put(
            "/api/v1/funds/bad-fund", content=raw, headers={"Content-Type": "application/json"}
        )
        assert response.status_code in (400, 422), raw
