"""Calls over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from funding.calls.service import follow_days
from servicekit.clock import china_date


def day(offset: int) -> str:
    return (china_date() + timedelta(days=offset)).isoformat()


async def test_a_call_is_drawn_up_changed_and_published(house: Any, programme: Any) -> None:
    row = await programme.a_call("draft")
    assert (row["fund_code"], row["fiscal_year"], row["state"]) == ("transfer-fund", 2026, "draft")
    path = f"/funding-calls/{row['id']}"
    changed = await house.call("office", "PATCH", path, {"title": "新的通知"}, etag='"1"')
    assert (changed.json()["title"], changed.json()["version"]) == ("新的通知", 2)
    unsound = await house.call("office", "PATCH", path, {"closes_on": day(-9)}, etag='"2"')
    assert [one["code"] for one in unsound.json()["errors"]] == ["before_start"]
    await house.bus.since_now()
    open_now = await programme.step("office", "funding-calls", row, "publish")
    assert open_now["state"] == "open"
    (told,) = await house.bus.events("funding_call.opened", f"funding_call:{row['id']}")
    assert told.data["document_no"] == "新科〔2026〕8号"
    late = await house.call(
        "office", "PATCH", path, {"title": "x"}, etag=f'"{open_now["version"]}"'
    )
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")


async def test_a_call_to_a_draft_of_a_budget_waits_for_its_approval(
    house: Any, programme: Any
) -> None:
    budget = await house.draft("10.00")
    row = await house.made("office", "/funding-calls", await programme.call_body(budget["id"]))
    refused = await programme.try_step("office", "funding-calls", row, "publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_not_approved")


async def test_a_line_nobody_knows_is_no_line(house: Any, programme: Any) -> None:
    nowhere = "0197a3d4-7c1e-7000-8000-000000000001"
    response = await house.post("office", "/funding-calls", await programme.call_body(nowhere))
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")


async def test_calls_open_and_close_by_their_days(house: Any, programme: Any) -> None:
    soon = await programme.a_call("published", opens_on=day(3), closes_on=day(9))
    still = await programme.a_call("open")
    assert soon["state"] == "published"
    await house.rows(
        "UPDATE funding_call SET opens_on = opens_on - 10, closes_on = closes_on - 10"
        " WHERE id = $1",
        soon["id"],
    )
    await house.bus.since_now()
    async with house.database.session() as session:
        await follow_days(session)
    now = (await house.get("enterprise", f"/funding-calls/{soon['id']}")).json()
    assert now["state"] == "closed", "both of its days have passed"
    told = await house.bus.events("funding_call.", f"funding_call:{soon['id']}")
    assert [each.type.split(".")[3] for each in told] == ["opened", "closed"]
    assert (await house.get("office", f"/funding-calls/{still['id']}")).json()["state"] == "open"


async def test_a_call_is_closed_early_for_a_reason(house: Any, programme: Any) -> None:
    row = await programme.a_call("open")
    path = f"/funding-calls/{row['id']}/close"
    mute = await house.post("office", path, {}, etag=f'"{row["version"]}"')
    assert mute.status_code == 422
    done = await house.post("office", path, {"reason": "r"}, etag=f'"{row["version"]}"')
    assert (done.json()["state"], done.json()["close_reason"]) == ("closed", "r")


@pytest.mark.parametrize(
    "changes",
    [
        {"criteria": []},
        {"experts_per_application": 0},
        {"min_amount": "0.00"},
        {"pass_score": "100.01"},
        {"notice_workdays": -1},
        {"rules": [{"rule": "rich", "values": []}]},
        {"rules": [{"rule": "in_park", "values": ["Gang Qu'"]}]},
        {"criteria": [{"code": "a", "name_zh": "a", "name_en": "a", "weight": "1e2"}]},
        {"title": "a\u0000b"},
    ],
)
async def test_nonsense_is_refused(house: Any, programme: Any, changes: dict[str, Any]) -> None:
    body = await programme.call_body(**changes)
    assert (await house.post("office", "/funding-calls", body)).status_code == 422


async def test_calls_are_found_by_fund_year_and_state(house: Any, programme: Any) -> None:
    row = await programme.a_call("open")
    query = f"fund_code={row['fund_code']}&fiscal_year=2026&state=open&limit=200"
    listed = (await house.get("enterprise", f"/funding-calls?{query}")).json()["items"]
    assert row["id"] in [each["id"] for each in listed]
    other = (await house.get("enterprise", "/funding-calls?state=draft&limit=200")).json()
    assert row["id"] not in [each["id"] for each in other["items"]]
