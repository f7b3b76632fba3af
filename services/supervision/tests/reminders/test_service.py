"""The ladder is taken by the clock: on workdays, once, whoever looks and however often."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest_asyncio
from servicekit.clock import china_date
from servicekit.testing import units
from servicekit.testing.databases import ServiceDatabase
from sqlalchemy import event
from supervision.reminders import service

UNITS = {
    "group-4": ("working_group", []),
    "gangqu-admin": ("park_administration", ["group-4", "programme-office"]),
}
BODY = {"title": "催办", "description": "催办。", "responsible_unit": "gangqu-admin"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def behind(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    """Sees and sets what no caller can: no clock is moved."""
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(autouse=True)
async def a_workday(pool: Any, behind: asyncpg.Connection) -> None:
    """Today and the days around it are worked, whatever the calendar says."""
    await units.tell(pool, UNITS)
    await set_day(behind, china_date(), workday=True)


async def set_day(behind: asyncpg.Connection, day: date, *, workday: bool) -> None:
    await behind.execute(
        "INSERT INTO calendar_day (day, workday, source, provisional, version)"
        " VALUES ($1, $2, 'office', false, 1)"
        " ON CONFLICT (day) DO UPDATE SET workday = $2, source = 'office'",
        day,
        workday,
    )


async def look(pool: Any) -> None:
    async with pool.session() as session:
        await service.send_reminders(session)


async def issued(office: Any, **fields: Any) -> dict[str, Any]:
    answer = await office.post("/supervision-items", BODY | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def set_back(behind: asyncpg.Connection, item: dict[str, Any], due_on: date) -> None:
    """As if the item had been issued long ago with this deadline."""
    await behind.execute(
        "UPDATE supervision_item SET due_on = $1, due_set_on = $1::date - 60, remind_on = $1::date"
        " WHERE id = $2",
        due_on,
        uuid.UUID(item["id"]),
    )


async def told(caller: Any, item: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await caller.get("/reminders", item_id=item["id"], sort="id")
    return answer.json()["items"]


async def test_what_is_due_is_told_to_each_level_once_with_an_event(
    office: Any, pool: Any, bus: Any, behind: asyncpg.Connection
) -> None:
    item = await issued(office)
    await set_back(behind, item, china_date() - timedelta(days=40))
    await look(pool)
    await look(pool)
    found = await told(office, item)
    assert [(each["audience"], each["recipients"]) for each in found] == [
        ("unit", ["gangqu-admin"]),
        ("unit", ["gangqu-admin"]),
        ("group", ["group-4"]),
        ("office", ["programme-office"]),
        ("headquarters", ["headquarters"]),
    ]
    sent = await bus.events("item.reminded", f"item:{item['id']}")
    assert [each.data["rule_code"] for each in sent] == [each["rule_code"] for each in found]
    assert {each.correlation_id for each in sent} == {item["correlation_id"]}


async def test_a_new_deadline_begins_the_ladder_again(
    office: Any, pool: Any, behind: asyncpg.Connection
) -> None:
    item = await issued(office)
    for due_on in (china_date() - timedelta(days=40), china_date() - timedelta(days=35)):
        await set_back(behind, item, due_on)
        await look(pool)
    assert len(await told(office, item)) == 10


async def test_nobody_is_reminded_on_a_day_off_and_nothing_is_lost_by_it(
    office: Any, pool: Any, behind: asyncpg.Connection
) -> None:
    item = await issued(office)
    await set_back(behind, item, china_date())
    await set_day(behind, china_date(), workday=False)
    await look(pool)
    assert await told(office, item) == []
    await set_day(behind, china_date(), workday=True)
    await look(pool)
    assert [each["offset_workdays"] for each in await told(office, item)] == [-3, 0]


async def test_what_is_submitted_or_ended_is_left_in_peace(
    office: Any, unit: Any, pool: Any, behind: asyncpg.Connection
) -> None:
    done, cancelled = await issued(office), await issued(office)
    for action, body in [
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "已完成"}),
    ]:
        assert (await unit.step(done, action, body)).status_code == 200
    assert (await office.step(cancelled, "cancel", {"reason": "重复"})).status_code == 200
    for item in (done, cancelled):
        await set_back(behind, item, china_date() - timedelta(days=40))
    await look(pool)
    assert await told(office, done) == await told(office, cancelled) == []


async def test_what_comes_back_to_the_unit_is_reminded_again(
    office: Any, unit: Any, pool: Any, behind: asyncpg.Connection
) -> None:
    item = await issued(office)
    for action, body in [
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "已完成"}),
    ]:
        assert (await unit.step(item, action, body)).status_code == 200
    await set_back(behind, item, china_date())
    await look(pool)
    assert (await office.step(item, "return", {"reason": "请补充"})).status_code == 200
    await look(pool)
    assert [each["offset_workdays"] for each in await told(office, item)] == [-3, 0]


async def test_the_item_itself_is_not_touched(
    office: Any, pool: Any, behind: asyncpg.Connection
) -> None:
    item = await issued(office)
    await set_back(behind, item, china_date())
    before = (await office.get(f"/supervision-items/{item['id']}")).json()
    await look(pool)
    assert (await office.get(f"/supervision-items/{item['id']}")).json() == before


async def test_ten_thousand_items_are_looked_at_in_few_queries_and_once(
    office: Any, pool: Any, behind: asyncpg.Connection
) -> None:
    await behind.execute("UPDATE supervision_item SET remind_on = NULL")
    await behind.execute(
        """INSERT INTO supervision_item (id, number, title, description, origin, responsible_unit,
             issued_on, due_on, due_provisional, due_set_on, remind_on, holds_payments, status,
             return_count, correlation_id, version)
           SELECT uuidv7(), 'many-' || n, 't', 'd', 'manual', 'gangqu-admin',
             $1::date - 60, $1::date - n % 40, false, $1::date - 60, $1::date, false, 'issued',
             0, 'many', 1
           FROM generate_series(1, 10000) AS n""",
        china_date(),
    )
    counted: list[str] = []
    engine = pool.engine.sync_engine

    def note(*args: Any) -> None:
        counted.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    begun = time.perf_counter()
    await look(pool)
    took = time.perf_counter() - begun
    event.remove(engine, "before_cursor_execute", note)
    assert len(counted) <= 20, counted
    print(f"one look of {service.LOOKED_AT_ONCE}: {took:.2f} s, {len(counted)} statements")
    while await behind.fetchval(
        "SELECT EXISTS (SELECT FROM supervision_item WHERE remind_on <= $1)", china_date()
    ):
        await asyncio.gather(look(pool), look(pool))
    told_twice = await behind.fetch(
        "SELECT item_id, rule_code FROM reminder WHERE rule_code IS NOT NULL"
        " GROUP BY item_id, rule_code, due_on HAVING count(*) > 1"
    )
    assert told_twice == []
    forgotten = await behind.fetchval(
        "SELECT count(*) FROM supervision_item WHERE number LIKE 'many-%' AND due_on = $1"
        " AND NOT EXISTS (SELECT FROM reminder r WHERE r.item_id = supervision_item.id"
        " AND r.rule_code = 'on-the-day')",
        china_date(),
    )
    assert forgotten == 0
