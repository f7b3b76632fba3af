"""The live stream, as a listener on a real socket sees it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from contracts.targets import PeriodClosed, ProgressReportVerified
from gateway.events import service, stream
from gateway.events.handlers import on_event
from servicekit.db import Database

Make = Callable[..., Any]


class Listener:
    """Reads blocks of a stream: `(id, event, data)` or a comment."""

    def __init__(self, lines: Any) -> None:
        self.lines = lines
        self.blocks: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.ended = asyncio.Event()
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        block: dict[str, str] = {}
        async for line in self.lines:
            name, _, value = line.partition(":")
            if line:
                block[name or "comment"] = value.strip()
            elif block:
                self.blocks.put_nowait(block)
                block = {}
        self.ended.set()

    async def next(self) -> dict[str, str]:
        async with asyncio.timeout(10):
            return await self.blocks.get()

    async def event(self) -> dict[str, str]:
        while "event" not in (block := await self.next()):
            pass
        return block


@asynccontextmanager
async def listening(
    live: Any, query: str = "", roles: tuple[str, ...] = ("office",), **options: Any
) -> AsyncIterator[Listener]:
    headers = options.pop("headers", {})
    async with (
        live.client(*roles, **options) as client,
        client.stream("GET", f"/api/v1/events/stream?{query}", headers=headers) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        listener = Listener(answer.aiter_lines())
        assert await listener.next() == {"retry": "2000"}
        try:
            yield listener
        finally:
            listener.task.cancel()


@pytest.fixture
async def database(live: Any) -> AsyncIterator[Database]:
    async with Database(live.database.app_url) as opened:
        yield opened


async def store(database: Database, *events: Any) -> None:
    async with database.session() as session:
        for event in events:
            await on_event(session, event)


async def no_listeners(live: Any) -> None:
    async with asyncio.timeout(5):
        while live.app.state.tail.listeners:  # noqa: ASYNC110 - the server decides
            await asyncio.sleep(0.02)


async def test_an_event_arrives_as_a_cloud_event(
    live: Any, database: Database, as_received: Make
) -> None:
    event = as_received(PeriodClosed(period="2026-07"))
    async with listening(live) as listener:
        begun = time.perf_counter()
        await store(database, event)
        block = await listener.event()
        assert time.perf_counter() - begun < 0.8, "the bell, not the poll"
    assert block["event"] == event.type
    assert int(block["id"]) > 0
    body = json.loads(block["data"])
    assert body["id"] == str(event.id)
    assert body["specversion"] == "1.0"
    assert body["source"] == "/services/targets"
    assert body["data"] == {"period": "2026-07"}
    assert body["dataschema"] == f"http://kechuang.local/schemas/{event.type}.json"


async def test_types_and_rights_decide_what_arrives(
    live: Any, database: Database, as_received: Make
) -> None:
    report = ProgressReportVerified(
        report_id=uuid4(), indicator_code="rd", unit_code="a", period="2026-07", value=Decimal(1)
    )
    foreign = report.model_copy(update={"unit_code": "b"})
    closed = PeriodClosed(period="2026-08")
    async with (
        listening(live, roles=("unit_reporter",), unit="a") as own,
        listening(live, "type=kechuang.targets.period.*&type=kechuang.funding.*") as periods,
        listening(live, f"type={report.type}&subject=progress_report:{report.report_id}") as one,
    ):
        await store(database, *map(as_received, (foreign, report, closed)))
        assert json.loads((await own.event())["data"])["data"]["unit_code"] == "a"
        assert (await own.event())["event"] == closed.type
        assert (await periods.event())["event"] == closed.type
        assert (await one.event())["event"] == report.type
        assert periods.blocks.empty()


async def test_a_listener_that_comes_back_loses_and_doubles_nothing(
    live: Any, database: Database, as_received: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ring is made small, so that some of it comes from memory and some from the database."""
    monkeypatch.setattr(service, "RING", 20)
    monkeypatch.setattr(service, "PAGE", 7)
    total, got = 200, list[str]()

    async def write() -> None:
        for number in range(total):
            event = PeriodClosed(period="2026")
            await store(database, as_received(event, aggregate_id=f"series:{number}"))
            await asyncio.sleep(0.002)

    async with listening(live) as first:
        writer = asyncio.create_task(write())
        block = await first.event()
        last = block["id"]
        got.append(json.loads(block["data"])["subject"])
    while len(got) < total:
        async with listening(live, headers={"Last-Event-ID": last}) as again:
            for _ in range(min(23, total - len(got))):
                block = await again.event()
                got.append(json.loads(block["data"])["subject"])
                last = block["id"]
        await asyncio.sleep(0.03)
    await writer
    assert got == [f"series:{number}" for number in range(total)]


async def test_a_position_can_be_given_in_the_address_and_must_be_one(live: Any) -> None:
    async with listening(live, "last_event_id=0") as listener:
        assert (await listener.event())["id"]
    async with live.client() as client:
        for bad in ("x", "-1", "1.5", "٣"):
            answer = await client.get(f"/api/v1/events/stream?last_event_id={bad}")
            assert answer.status_code == 422, bad
        answer = await client.get("/api/v1/events/stream?last_event_id=999999999")
        assert answer.status_code == 410
        answer = await client.get("/api/v1/events/stream?type=kechuang.*.x")
        assert answer.status_code == 422


async def test_a_quiet_stream_shows_that_it_lives(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.1)
    async with listening(live) as listener:
        assert await listener.next() == {"comment": "heartbeat"}


async def test_it_ends_with_the_token(live: Any) -> None:
    async with listening(live, exp=int(time.time()) + 2) as listener:
        block = await listener.next()
        assert block["comment"] == "the token has expired"
        assert int(block["id"]) == live.app.state.tail.head
        await asyncio.wait_for(listener.ended.wait(), 2)


async def test_a_client_has_a_limited_number_of_streams(live: Any) -> None:
    await no_listeners(live)
    async with (
        listening(live),
        listening(live),
        listening(live),
        listening(live),
        listening(live),
        live.client() as client,
    ):
        answer = await client.get("/api/v1/events/stream")
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "15"
        assert answer.json()["code"] == "too_many_streams"
    await no_listeners(live)


async def test_a_listener_that_does_not_read_is_dropped(
    live: Any, database: Database, as_received: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PATIENCE", 0.3)
    await no_listeners(live)
    _, writer = await asyncio.open_connection(*live.address, limit=1024)
    token = live.tokens.bearer("office")["Authorization"]
    head = f"GET /api/v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n"
    writer.write(head.encode())
    async with asyncio.timeout(5):
        while not live.app.state.tail.listeners:  # noqa: ASYNC110 - the server decides
            await asyncio.sleep(0.02)
    wordy = PeriodClosed(period="2026" + "0" * 200_000)
    for number in range(60):
        await store(database, as_received(wordy, aggregate_id=f"wordy:{number}"))
    await no_listeners(live)
    writer.close()


async def test_streams_end_when_the_server_stops(live_gateway: Callable[..., Any]) -> None:
    """Told before the server waits for open requests, not cut off when its patience ends."""
    running = live_gateway()
    gateway = await running.__aenter__()
    async with listening(gateway) as listener:
        stopping = asyncio.create_task(running.__aexit__(None, None, None))
        assert (await listener.next())["comment"] == "the server stops"
        await asyncio.wait_for(listener.ended.wait(), 0.5)
    await asyncio.wait_for(stopping, 5)


async def test_no_connection_is_held_while_a_stream_is_open(live: Any) -> None:
    async with listening(live), Database(live.database.app_url) as database:
        rows = await database.fetch(
            "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
            " AND state LIKE 'idle in transaction%'",
            (),
        )
    assert rows == []


async def test_a_token_is_needed(live: Any) -> None:
    async with live.client() as client:
        answer = await client.get("/api/v1/events/stream", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
