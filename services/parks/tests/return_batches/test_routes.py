"""A park hands in and accepts many returns at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
SUBMISSIONS, ACCEPTANCES = (
    f"/operating-returns/{name}/batch" for name in ("submissions", "acceptances")
)


def item(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"return_id": row["id"], "version": row["version"], **more}


async def all_of(client: Caller, path: str, *items: Any, **query: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return await client.post(f"{path}?{asked}" if asked else path, {"items": list(items)})


async def sales(office: Caller, period: str) -> str | None:
    query = {"metric": "sales_revenue.park.gangqu", "period": period}
    items = (await office.get("/park-metrics", **query)).json()["items"]
    return items[0]["value"] if items else None


@pytest.fixture
async def drafts(register: Make, draw_up: Make) -> list[dict[str, Any]]:
    made = await register()
    return [await draw_up(made["id"], f"2024-{month:02}") for month in (1, 2, 3)]


async def test_a_quarter_is_handed_in_and_accepted_by_two_requests(
    enterprise: Caller, park_admin: Caller, office: Caller, drafts: Any, bus: RecordingBus
) -> None:
    tried = await all_of(enterprise, SUBMISSIONS, *map(item, drafts), dry_run="true")
    assert tried.json()["dry_run"] is True
    assert (await enterprise.get(f"/operating-returns/{drafts[0]['id']}")).json() == drafts[0]
    handed_in = await all_of(enterprise, SUBMISSIONS, *map(item, drafts))
    assert handed_in.status_code == 200, handed_in.text
    rows = [one["operating_return"] for one in handed_in.json()["items"]]
    assert [(row["id"], row["state"]) for row in rows] == [
        (draft["id"], "submitted") for draft in drafts
    ]
    await bus.since_now()
    accepted = await all_of(park_admin, ACCEPTANCES, *map(item, rows))
    states = [one["operating_return"]["state"] for one in accepted.json()["items"]]
    assert states == ["accepted"] * 3
    assert len(await bus.events("operating_return.accepted")) == 3
    assert await sales(office, "2024-03") == "3000"


async def test_one_that_is_not_sound_keeps_all_out_or_with_partial_itself(
    enterprise: Caller, office: Caller, register: Make, draw_up: Make
) -> None:
    rule = {
        "kind": "ratio", "severity": "warning", "measure": "rd_spend", "other": "sales_revenue",
        "highest": "50", "name_zh": "研发占比", "name_en": "R&D share", "active": True,
    }  # fmt: skip
    assert (await office.put("/return-rules/rd-share", rule)).status_code == 201
    made = await register()
    good = await draw_up(made["id"], "2023-01")
    odd = await draw_up(made["id"], "2023-02", rd_spend="900")
    refused = await all_of(enterprise, SUBMISSIONS, item(good), item(odd))
    assert (refused.status_code, refused.json()["code"]) == (422, "batch_refused")
    assert {error["pointer"].split("/")[2] for error in refused.json()["errors"]} == {"1"}
    part = await all_of(enterprise, SUBMISSIONS, item(good), item(odd), partial="true")
    first, second = part.json()["items"]
    assert (first["operating_return"]["state"], first["refusal"]) == ("submitted", None)
    assert (second["operating_return"], second["refusal"]["code"]) == (None, "return_not_sound")
    explained = item(odd, explanations={"rd-share": "新建中试线一次性投入。"})
    done = await all_of(enterprise, SUBMISSIONS, explained)
    assert done.json()["items"][0]["operating_return"]["state"] == "submitted"
    stopped = await office.put("/return-rules/rd-share", rule | {"active": False}, 1)
    assert stopped.status_code == 200, stopped.text


async def test_a_filer_accepts_none_of_their_own_and_an_old_version_is_seen(
    office: Caller, park_admin: Caller, register: Make, file_return: Make, rows: Any
) -> None:
    made = await register()
    own = await file_return(made["id"], "2022-01", office)
    other = await file_return(made["id"], "2022-02")
    stale = await file_return(made["id"], "2022-03")
    items = [item(own), item(other), item(stale) | {"version": 1}]
    refused = await all_of(office, ACCEPTANCES, *items)
    assert (refused.status_code, refused.json()["code"]) == (422, "batch_refused")
    part = (await all_of(office, ACCEPTANCES, *items, partial="true")).json()["items"]
    assert [one["refusal"] and one["refusal"]["code"] for one in part] == [
        "separation_of_duties", None, "stale_version",
    ]  # fmt: skip
    denied = "SELECT 1 FROM audit_entry WHERE outcome = 'denied' AND object_id = $1"
    assert len(await rows(denied, own["id"])) >= 1
    assert (await office.get(f"/operating-returns/{own['id']}")).json()["state"] == "submitted"


async def test_two_who_accept_the_same_returns_the_other_way_round_do_not_wait_for_ever(
    office: Caller, park_admin: Caller, register: Make, file_return: Make
) -> None:
    made = await register()
    waiting = [
        await file_return(made["id"], f"{year}-{month:02}")
        for year in (2020, 2021)
        for month in (5, 6, 7)
    ]
    there, back = [item(row) for row in waiting], [item(row) for row in reversed(waiting)]
    answers = await asyncio.gather(
        all_of(office, ACCEPTANCES, *there), all_of(park_admin, ACCEPTANCES, *back)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
