"""The event log: complete, in order, and shown to who may see it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from contracts.funding import AppropriationMade
from contracts.targets import PeriodClosed, ProgressReportVerified, UnitChanged
from gateway.directory.handlers import on_unit_changed
from gateway.events import repository
from gateway.events.handlers import on_event, units_in
from servicekit.db import Database

Make = Callable[..., Any]


def report(unit: str) -> ProgressReportVerified:
    return ProgressReportVerified(
        report_id=uuid4(),
        indicator_code="rd-spend",
        unit_code=unit,
        period="2026-07",
        value=Decimal(1),
    )


async def store(database: Database, *events: Any) -> None:
    async with database.session() as session:
        for event in events:
            await on_event(session, event)


async def plant_units(database: Database, make: Make) -> None:
    async with database.session() as session:
        for code, parents in (("office", ()), ("group", ()), ("bureau", ("group",)), ("else", ())):
            unit = UnitChanged(unit_code=code, name=code, kind="bureau", parent_codes=parents)
            event = make(unit)
            await on_unit_changed(session, make(unit, data=unit, id=event.id))


@pytest.fixture
async def database(live: Any) -> Any:
    async with Database(live.database.app_url) as opened:
        connection = await asyncpg.connect(live.database.superuser_url)
        await connection.execute("TRUNCATE event_log, unit_node")
        await connection.close()
        yield opened


async def listed(live: Any, *roles: str, query: str = "", **claims: Any) -> list[Any]:
    async with live.client(*roles, **claims) as client:
        answer = await client.get(f"/api/v1/events?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_each_caller_sees_what_it_may_read(
    live: Any, database: Database, as_received: Make
) -> None:
    await plant_units(database, as_received)
    made = AppropriationMade(
        appropriation_id=uuid4(),
        budget_id=uuid4(),
        fund_code="f",
        fiscal_year=2026,
        amount=Decimal(1),
        document_no="1",
    )
    await store(
        database,
        as_received(report("bureau")),
        as_received(report("else")),
        as_received(made),
        as_received(PeriodClosed(period="2026-07")),
        as_received(PeriodClosed(period="2026-08"), type="kechuang.targets.period.split.v1"),
    )

    async def seen(role: str, unit: str | None = None, **claims: Any) -> list[str]:
        items = await listed(live, role, unit=unit, **claims)
        return [item["data"].get("unit_code") or item["type"].split(".")[2] for item in items]

    assert await seen("office") == ["bureau", "else", "appropriation", "period"]
    assert await seen("group_lead", "group") == ["bureau", "period"]
    assert await seen("unit_reporter", "else") == ["else", "period"]
    assert await seen("finance_payer", "office") == ["appropriation", "period"]
    assert await seen("ops") == []
    assert await seen("system", scope="events.read") == []
    assert await seen("system", scope="events.read progress_reports.read") == ["bureau", "else"]


async def test_the_list_is_filtered_and_paged(
    live: Any, database: Database, as_received: Make
) -> None:
    await store(
        database,
        *(as_received(PeriodClosed(period=f"2026-0{n}"), correlation_id="a") for n in (1, 2, 3)),
        as_received(report("bureau"), correlation_id="b"),
    )
    assert len(await listed(live, query="type=kechuang.targets.period.*")) == 3
    assert len(await listed(live, query="type=kechuang.funding.*&type=kechuang.targets.*")) == 4
    assert len(await listed(live, query="publisher=funding")) == 0
    assert len(await listed(live, query="subject=period:2026-02")) == 1
    assert len(await listed(live, query="correlation_id=b")) == 1
    later = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(await listed(live, query=f"updated_since={later}")) == 0
    async with live.client() as client:
        first = (await client.get("/api/v1/events?limit=3")).json()
        rest = await client.get(f"/api/v1/events?limit=3&cursor={first['next_cursor']}")
        assert len(rest.json()["items"]) == 1
        assert (await client.get("/api/v1/events?type=kechuang.*.closed")).status_code == 422
        assert (await client.get("/api/v1/events?subject=%00")).status_code in (400, 422)


async def test_nothing_is_shown_before_every_service_has_told_its_rules(gateway: Any) -> None:
    async with gateway.client() as client:
        for path in ("/api/v1/events", "/api/v1/events/stream"):
            answer = await client.get(path)
            assert answer.status_code == 503
            assert answer.json()["code"] == "permissions_unknown"


async def test_an_event_is_logged_once(live: Any, database: Database, as_received: Make) -> None:
    event = as_received(PeriodClosed(period="2026-07"))
    await store(database, event, event)
    assert len(await listed(live)) == 1


async def test_a_reader_misses_nothing_while_four_writers_commit_in_any_order(
    live: Any, database: Database, as_received: Make
) -> None:
    """Each writer draws its positions and commits after a pause of its own; without the lock a
    later position becomes visible first."""
    total, found = 4 * 40, list[int]()

    async def write(number: int) -> None:
        for turn in range(40):
            async with database.session() as session:
                event = as_received(PeriodClosed(period="2026"), aggregate_id=f"{number}-{turn}")
                await on_event(session, event)
                await asyncio.sleep((number * 7 + turn * 3) % 5 / 1000)

    async def read() -> None:
        last = 0
        while len(found) < total:
            rows = await repository.after(database, last, 50)
            found.extend(row["position"] for row in rows)
            last = found[-1] if found else 0
            await asyncio.sleep(0)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(read())
        for number in range(4):
            group.create_task(write(number))
    assert len(found) == len(set(found)) == total


async def test_old_events_leave_and_the_newest_of_them_marks_where(
    live: Any, database: Database, as_received: Make
) -> None:
    await store(database, *(as_received(PeriodClosed(period=f"2026-0{n}")) for n in range(1, 6)))
    connection = await asyncpg.connect(live.database.superuser_url)
    await connection.execute(
        "UPDATE event_log SET logged_at = now() - interval '31 days'"
        " WHERE subject <= 'period:2026-03'"
    )
    await connection.close()
    async with database.session() as session:
        await repository.prune(session, timedelta(days=30))
    periods = [item["data"]["period"] for item in await listed(live)]
    assert periods == ["2026-03", "2026-04", "2026-05"]
    positions = [item["position"] for item in await listed(live)]
    async with live.client() as client:
        answer = await client.get(
            "/api/v1/events/stream", headers={"Last-Event-ID": str(positions[0] - 1)}
        )
    assert answer.status_code == 410
    assert answer.json()["code"] == "events_gone"


def test_a_field_names_one_unit_or_a_list_of_them() -> None:
    data = {"unit_code": "maizier-sugar", "concerned_units": ["maizier-sugar", "gangqu-admin"]}
    assert units_in(data, ("unit_code", "concerned_units")) == ["gangqu-admin", "maizier-sugar"]
    assert units_in({"unit_code": None}, ("unit_code", "concerned_units")) == []
