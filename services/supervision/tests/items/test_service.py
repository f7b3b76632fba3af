"""Late items are told of once."""

import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from servicekit.clock import china_date
from servicekit.testing.databases import ServiceDatabase
from supervision.items import service

BODY = {
    "title": "到期测试",
    "description": "到期测试。",
    "responsible_unit": "gangqu-admin",
    "due_workdays": 3,
}


async def backdate(database: ServiceDatabase, item_id: str) -> None:
    """Let the deadline of an item pass; no clock is moved for it."""
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute(
            "UPDATE supervision_item SET due_on = $1 WHERE id = $2",
            china_date() - timedelta(days=1),
            uuid.UUID(item_id),
        )
    finally:
        await connection.close()


async def announce(pool: Any) -> None:
    async with pool.session() as session:
        await service.announce_late_items(session)


async def issued(office: Any) -> dict[str, Any]:
    return (await office.post("/supervision-items", BODY)).json()


async def test_a_late_item_is_announced_once_and_counted(
    office: Any, database: ServiceDatabase, pool: Any, bus: Any
) -> None:
    item = await issued(office)
    await backdate(database, item["id"])
    await announce(pool)
    await announce(pool)
    (event,) = await bus.events("item.overdue", f"item:{item['id']}")
    assert event.correlation_id == item["correlation_id"]
    (listed,) = (await office.get("/supervision-items", overdue="true")).json()["items"]
    assert listed["id"] == item["id"]
    assert listed["overdue_at"] is not None
    assert (await office.get("/supervision-items/summary")).json()["overdue"] == 1


async def test_what_the_unit_submitted_in_time_is_not_late(
    office: Any, unit: Any, database: ServiceDatabase, pool: Any, bus: Any
) -> None:
    item = await issued(office)
    for action, body in [
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "按期完成"}),
    ]:
        assert (await unit.step(item, action, body)).status_code == 200
    await backdate(database, item["id"])
    await announce(pool)
    assert await bus.events("item.overdue", f"item:{item['id']}") == []


@pytest.mark.parametrize("column", ["verified_by", "closed_by", "exception_by"])
async def test_the_database_itself_keeps_doer_and_verifier_apart(
    office: Any, database: ServiceDatabase, column: str
) -> None:
    item = await issued(office)
    connection = await asyncpg.connect(database.app_url)
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                f"UPDATE supervision_item SET submitted_by = 'li', {column} = 'li' WHERE id = $1",
                uuid.UUID(item["id"]),
            )
    finally:
        await connection.close()
