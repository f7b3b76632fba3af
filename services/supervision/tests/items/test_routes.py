"""A supervision item over HTTP, from its issue to its end."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest
from servicekit.clock import china_date

BODY = {
    "title": "请查明原因并整改",
    "description": "上半年累计落后于进度。",
    "responsible_unit": "gangqu-admin",
    "due_workdays": 5,
}


async def issued(office: Any, **changes: Any) -> dict[str, Any]:
    answer = await office.post("/supervision-items", {**BODY, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def submitted(office: Any, unit: Any, **changes: Any) -> dict[str, Any]:
    item = await issued(office, **changes)
    assert (await unit.step(item, "acknowledge")).status_code == 200
    assert (await unit.step(item, "start")).status_code == 200
    answer = await unit.step(item, "submit", {"rectification": "已整改。"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_item_is_issued_with_a_number_a_deadline_and_an_event(
    office: Any, bus: Any
) -> None:
    answer = await office.post("/supervision-items", BODY)
    item = answer.json()
    assert answer.headers["location"] == f"/api/v1/supervision-items/{item['id']}"
    assert answer.headers["etag"] == '"1"'
    year = china_date().year
    assert item["number"].startswith(f"{year}-0")
    assert item["status"] == "issued"
    due = await office.get(
        "/calendar/deadline", start=china_date().isoformat(), workdays=BODY["due_workdays"]
    )
    assert item["due_on"] == due.json()["due_on"]
    (event,) = await bus.events("item.opened", f"item:{item['id']}")
    assert event.data["responsible_unit"] == "gangqu-admin"
    assert event.data["holds_payments"] is True
    assert event.correlation_id == item["correlation_id"]


async def test_an_item_goes_all_the_way_and_is_closed(office: Any, unit: Any, bus: Any) -> None:
    item = await submitted(office, unit)
    assert (await office.step(item, "verify", {"note": "属实"})).status_code == 200
    closed = await office.step(item, "close", {})
    assert closed.status_code == 200, closed.text
    assert closed.json()["status"] == "closed"
    assert closed.json()["updated_at"] > item["updated_at"]
    (event,) = await bus.events("item.closed", f"item:{item['id']}")
    assert event.data["outcome"] == "closed"
    assert event.correlation_id == item["correlation_id"]
    steps = await unit.get(f"/supervision-items/{item['id']}/steps")
    actions = [step["action"] for step in steps.json()["items"]]
    assert actions == ["issue", "acknowledge", "start", "submit", "verify", "close"]


async def test_whoever_did_the_work_can_neither_verify_nor_close_it(
    office: Any, as_role: Any
) -> None:
    other = await as_role("office", "programme-office", sub="second")
    item = await submitted(office, other)
    refused = await other.step(item, "verify", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
    assert (await office.step(item, "verify", {})).status_code == 200
    assert (await other.step(item, "close", {})).status_code == 403
    assert (await office.step(item, "close", {})).status_code == 200


async def test_a_doer_of_an_earlier_round_is_still_a_doer(
    office: Any, unit: Any, as_role: Any
) -> None:
    other = await as_role("office", "programme-office", sub="second")
    item = await submitted(office, other)
    assert (await office.step(item, "return", {"reason": "不实"})).status_code == 200
    assert (await unit.step(item, "submit", {"rectification": "重做"})).status_code == 200
    assert (await other.step(item, "verify", {})).status_code == 403


async def test_a_returned_item_is_worked_on_again(office: Any, unit: Any) -> None:
    item = await submitted(office, unit)
    await office.step(item, "verify", {})
    back = (await office.step(item, "return", {"reason": "佐证不足"})).json()
    assert (back["status"], back["return_count"]) == ("in_progress", 1)
    assert (back["verified_by"], back["return_reason"]) == (None, "佐证不足")
    assert (await office.step(item, "close", {})).status_code == 409


async def test_an_item_about_an_indicator_is_not_closed_without_a_new_measurement(
    office: Any, unit: Any, as_role: Any
) -> None:
    item = await submitted(office, unit, indicator_code="six-parks-sales")
    await office.step(item, "verify", {})
    refused = await office.step(item, "close", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "indicator_not_remeasured")
    assert "six-parks-sales" in refused.json()["detail"]
    excepted = await office.step(item, "exception", {"reason": "统计口径调整，年底复测"})
    assert excepted.status_code == 200
    again = await office.step(item, "exception", {"reason": "再批"})
    assert (again.status_code, again.json()["code"]) == (409, "exception_not_needed")
    assert (await office.step(item, "close", {})).status_code == 200


async def test_an_exception_is_not_approved_by_a_doer_nor_before_the_work(
    office: Any, as_role: Any
) -> None:
    other = await as_role("office", "programme-office", sub="second")
    early = await issued(office, indicator_code="six-parks-sales")
    assert (await office.step(early, "exception", {"reason": "急"})).status_code == 409
    item = await submitted(office, other, indicator_code="six-parks-sales")
    refused = await other.step(item, "exception", {"reason": "自批"})
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")


async def test_a_cancelled_item_lets_payments_go(office: Any, bus: Any) -> None:
    item = await issued(office)
    assert (await office.step(item, "cancel", {"reason": "误立"})).status_code == 200
    (event,) = await bus.events("item.closed", f"item:{item['id']}")
    assert event.data["outcome"] == "cancelled"
    assert (await office.step(item, "cancel", {"reason": "再来"})).status_code == 409


async def test_steps_are_taken_in_order_and_on_the_current_version(office: Any, unit: Any) -> None:
    item = await issued(office)
    path = f"/supervision-items/{item['id']}"
    assert (await unit.post(f"{path}/acknowledge")).status_code == 428
    assert (await unit.post(f"{path}/acknowledge", etag='"7"')).status_code == 412
    early = await unit.step(item, "submit", {"rectification": "抢先"})
    assert (early.status_code, early.json()["code"]) == (409, "invalid_transition")
    assert (await unit.get(path)).json()["rectification"] is None


async def test_two_who_acknowledge_at_once_do_it_once(office: Any, unit: Any) -> None:
    item = await issued(office)
    path = f"/supervision-items/{item['id']}/acknowledge"
    answers = await asyncio.gather(*(unit.post(path, etag='"1"') for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 5]


async def test_a_repeated_request_issues_one_item(office: Any, bus: Any) -> None:
    key = str(uuid.uuid4())
    answers = [await office.post("/supervision-items", BODY, key=key) for _ in range(3)]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert answers[2].headers["idempotency-replayed"] == "true"


async def test_numbers_have_no_gap_when_many_are_issued_at_once(office: Any) -> None:
    first = int((await issued(office))["number"].split("-")[1])
    bodies = [{**BODY, "due_workdays": 5 if n % 3 else 9999} for n in range(24)]
    answers = await asyncio.gather(*(office.post("/supervision-items", b) for b in bodies))
    numbers = sorted(int(a.json()["number"].split("-")[1]) for a in answers if a.status_code == 201)
    assert numbers == list(range(first + 1, first + 17))


async def test_a_unit_sees_and_moves_only_its_own_items(office: Any, as_role: Any) -> None:
    item = await issued(office, responsible_unit="st-bureau")
    stranger = await as_role("enterprise", "maizier-sugar")
    path = f"/supervision-items/{item['id']}"
    assert (await stranger.get(path)).status_code == 403
    assert (await stranger.get(f"{path}/steps")).status_code == 403
    assert (await stranger.post(f"{path}/acknowledge", etag='"1"')).status_code == 403
    assert (await stranger.get("/supervision-items")).json()["items"] == []
    own = await as_role("unit_reporter", "st-bureau")
    assert (await own.get("/supervision-items")).json()["items"][0]["id"] == item["id"]


@pytest.mark.parametrize("role", ["leader", "auditor", "unit_reporter", "ops", "finance_payer"])
async def test_only_the_office_issues_items(as_role: Any, role: str) -> None:
    caller = await as_role(role, "gangqu-admin")
    answer = await caller.post("/supervision-items", BODY)
    assert answer.status_code == 403


async def test_the_unit_cannot_verify_close_return_or_cancel(office: Any, unit: Any) -> None:
    item = await submitted(office, unit)
    for action, body in [
        ("verify", {}),
        ("close", {}),
        ("return", {"reason": "x"}),
        ("cancel", {"reason": "x"}),
        ("exception", {"reason": "x"}),
    ]:
        assert (await unit.step(item, action, body)).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "a\u0000b"},
        {"title": "\ud800"},
        {"title": ""},
        {"title": "长" * 201},
        {"due_workdays": 2**63},
        {"due_workdays": 0},
        {"due_on": "2026-13-01", "due_workdays": None},
        {"due_on": "2026-12-01"},
        {"due_on": "1999-12-01", "due_workdays": None},
        {"responsible_unit": "Gangqu Admin"},
        {"unknown": 1},
        {"description": None},
    ],
)
async def test_hostile_or_wrong_input_is_answered_422(office: Any, changes: Any) -> None:
    import json

    body = json.dumps({**BODY, **changes})
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    answer = await office.client.post("/api/v1/supervision-items", content=body, headers=headers)
    assert answer.status_code == 422, answer.text


async def test_a_deadline_in_the_past_is_refused_and_one_on_a_day_off_moves(office: Any) -> None:
    past = (china_date() - timedelta(days=1)).isoformat()
    refused = await office.post(
        "/supervision-items", {**BODY, "due_workdays": None, "due_on": past}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "deadline_in_the_past")
    item = await issued(office, due_workdays=None, due_on="2099-10-01")
    assert item["due_on"] > "2099-10-01"
    assert item["due_provisional"] is True


async def test_items_are_filtered_and_counted(office: Any, unit: Any) -> None:
    item = await submitted(office, unit, responsible_unit="gangqu-admin", title="筛选")
    listed = await office.get("/supervision-items", status=["submitted"], limit=200)
    assert item["id"] in [each["id"] for each in listed.json()["items"]]
    assert {each["status"] for each in listed.json()["items"]} == {"submitted"}
    none = await office.get("/supervision-items", overdue="true")
    assert none.json()["items"] == []
    later = await office.get("/supervision-items", updated_since=item["updated_at"])
    assert [each["id"] for each in later.json()["items"]] == [item["id"]]
    counted = (await office.get("/supervision-items/summary")).json()
    assert counted["open"] == sum(each["open"] for each in counted["by_unit"])
    assert counted["by_status"]["submitted"] >= 1
    own = (await unit.get("/supervision-items/summary")).json()
    assert [each["unit_code"] for each in own["by_unit"]] == ["gangqu-admin"]


async def test_pages_follow_each_other_without_loss(office: Any) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": 7, "sort": "-number", "include_total": "true"}
        page = await office.get(
            "/supervision-items", **(params | ({"cursor": cursor} if cursor else {}))
        )
        seen += [each["number"] for each in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == page.json()["total"]


async def test_what_is_not_there_is_not_found(office: Any) -> None:
    answer = await office.get(f"/supervision-items/{uuid.uuid4()}")
    assert answer.status_code == 404
    assert (await office.get("/supervision-items/nonsense")).status_code == 422
