"""More time on request, and deadlines counted again."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest_asyncio
from servicekit.clock import china_date
from servicekit.testing.databases import ServiceDatabase

BODY = {"title": "延期", "description": "延期。", "responsible_unit": "gangqu-admin"}
DAY = timedelta(days=1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def behind(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


async def issued(office: Any, **fields: Any) -> dict[str, Any]:
    return (await office.post("/supervision-items", BODY | fields)).json()


async def asked(unit: Any, item: dict[str, Any], workdays: int = 5) -> Any:
    body = {"item_id": item["id"], "workdays": workdays, "reason": "设备未到"}
    return await unit.post("/extension-requests", body)


async def decided(caller: Any, request: dict[str, Any], verb: str, body: Any = None) -> Any:
    return await caller.act(f"/extension-requests/{request['id']}", verb, body)


async def deadline(office: Any, start: str, workdays: int) -> str:
    answer = await office.get("/calendar/deadline", start=start, workdays=workdays)
    return answer.json()["due_on"]


async def the_item(office: Any, item: dict[str, Any]) -> dict[str, Any]:
    return (await office.get(f"/supervision-items/{item['id']}")).json()


async def test_an_approved_request_moves_the_deadline_by_workdays(
    office: Any, unit: Any, bus: Any
) -> None:
    item = await issued(office)
    request = (await asked(unit, item)).json()
    approved = await decided(office, request, "approve", {"note": "同意"})
    assert approved.status_code == 200, approved.text
    now = await the_item(office, item)
    assert now["due_on"] == await deadline(office, item["due_on"], 5)
    assert (approved.json()["due_before"], approved.json()["due_after"]) == (
        item["due_on"],
        now["due_on"],
    )
    assert now["extension_count"] == 1
    (event,) = await bus.events("item.deadline_changed", f"item:{item['id']}")
    assert (event.data["due_on"], event.data["cause"]) == (now["due_on"], "extension")


async def test_an_item_is_extended_twice_at_most(office: Any, unit: Any) -> None:
    item = await issued(office)
    for _ in range(2):
        request = (await asked(unit, item, 20)).json()
        assert (await decided(office, request, "approve")).status_code == 200
    refused = await asked(unit, item)
    assert (refused.status_code, refused.json()["code"]) == (409, "extensions_used_up")


async def test_one_request_at_a_time_also_when_two_are_made_at_once(office: Any, unit: Any) -> None:
    item = await issued(office)
    answers = await asyncio.gather(*(asked(unit, item) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    request = next(answer.json() for answer in answers if answer.status_code == 201)
    assert (await decided(unit, request, "withdraw")).json()["state"] == "withdrawn"
    assert (await asked(unit, item)).status_code == 201


async def test_who_asked_does_not_decide_and_a_decision_stands(
    office: Any, unit: Any, as_role: Any
) -> None:
    item = await issued(office)
    request = (await asked(office, item)).json()
    own = await decided(office, request, "approve")
    assert (own.status_code, own.json()["code"]) == (403, "requester_decides")
    assert (await decided(unit, request, "reject", {"reason": "x"})).status_code == 403
    second = await as_role("office", "programme-office", sub="second")
    rejected = await decided(second, request, "reject", {"reason": "请按期完成"})
    assert rejected.json()["state"] == "rejected"
    assert (await decided(second, request, "approve")).status_code == 409
    assert (await the_item(office, item))["due_on"] == item["due_on"]


async def test_it_is_asked_for_before_the_deadline_and_while_the_unit_works(
    office: Any, unit: Any, behind: asyncpg.Connection
) -> None:
    late = await issued(office)
    await behind.execute(
        "UPDATE supervision_item SET due_on = $1 WHERE id = $2",
        china_date() - DAY,
        uuid.UUID(late["id"]),
    )
    assert (await asked(unit, late)).json()["code"] == "deadline_passed"
    item = await issued(office)
    request = (await asked(unit, item)).json()
    for action, body in [
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "已完成"}),
    ]:
        await unit.step(item, action, body)
    read = (await unit.get(f"/extension-requests/{request['id']}")).json()
    assert read["state"] == "withdrawn"
    assert (await asked(unit, item)).json()["code"] == "invalid_transition"


async def test_only_its_own_unit_sees_and_makes_a_request(
    office: Any, unit: Any, as_role: Any
) -> None:
    other = await as_role("park_admin", "xuedian-town")
    item = await issued(office)
    assert (await asked(other, item)).status_code == 403
    request = (await asked(unit, item)).json()
    assert (await other.get(f"/extension-requests/{request['id']}")).status_code == 403
    assert (await other.get("/extension-requests", item_id=item["id"])).json()["items"] == []
    unknown = await asked(unit, {"id": str(uuid.uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")
    for workdays in (0, 21, 2.5):
        body = {"item_id": item["id"], "workdays": workdays, "reason": "x"}
        assert (await unit.post("/extension-requests", body)).status_code == 422


async def test_deadlines_are_counted_again_when_the_office_rules_on_a_day(
    office: Any, bus: Any
) -> None:
    start = date(2026, 6, 29)
    while start < china_date():
        start += timedelta(days=364)
    item = await issued(office, due_workdays=10)
    given = await issued(office, due_on=item["due_on"])
    day = date.fromisoformat(item["due_on"])
    off = await office.put(f"/calendar/{day}", {"workday": False, "name": "停工"})
    assert off.status_code in (200, 201)
    for each in (item, given):
        moved = await the_item(office, each)
        assert moved["due_on"] == await deadline(office, item["due_on"], 0)
        (event,) = await bus.events("item.deadline_changed", f"item:{each['id']}")
        assert (event.data["cause"], event.data["due_before"]) == ("calendar", item["due_on"])
    back = await office.put(f"/calendar/{day}", {"workday": True})
    assert back.status_code == 200
    assert (await the_item(office, item))["due_on"] == item["due_on"]


async def test_thousands_of_deadlines_move_at_once(
    office: Any, pool: Any, behind: asyncpg.Connection
) -> None:
    day = date.fromisoformat(await deadline(office, china_date().isoformat(), 30))
    await behind.execute(
        """INSERT INTO supervision_item (id, number, title, description, origin, responsible_unit,
             issued_on, due_on, due_provisional, due_from, due_workdays, holds_payments, status,
             return_count, correlation_id, version)
           SELECT uuidv7(), 'moving-' || n, 't', 'd', 'manual', 'gangqu-admin',
             $1, $2, false, $1, 30, false, 'issued', 0, 'moving', 1
           FROM generate_series(1, 2500) AS n""",
        china_date(),
        day,
    )
    assert (await office.put(f"/calendar/{day}", {"workday": False})).status_code in (200, 201)
    moved = await behind.fetchval(
        "SELECT count(*) FROM supervision_item WHERE number LIKE 'moving-%' AND due_on > $1"
        " AND version = 2",
        day,
    )
    assert moved == 2500
