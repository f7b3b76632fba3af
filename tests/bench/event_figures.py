"""From the commit to the effect in another service: at a steady rate, and with a backlog.

Real processes, real Postgres with fsync, real NATS with `sync_interval: always`; the event is
`unit.changed`, the effect a row of the consumer's unit tree.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import psutil
from contracts.targets import UnitChanged
from local_stack.stack import Stack
from servicekit.db import Database
from servicekit.messaging import outbox
from servicekit.messaging.nudge import Nudger

RATE = 200
SECONDS = 15
BACKLOG = 20_000
LOOK = 0.004
"""Seconds between two looks at the effects; looking more often would slow what is measured."""


@dataclass(frozen=True, slots=True)
class EventFigures:
    """Latencies in milliseconds; `drained` in events per second; `resident` in MB."""

    p50: float
    p99: float
    drained: float
    resident: float


def unit(name: str, number: int) -> UnitChanged:
    return UnitChanged(unit_code=f"{name}-{number}", name=name, kind="bureau")


async def latencies(source: Database, sink: asyncpg.Connection) -> list[float]:
    """Seconds from each commit until the effect can be read in the consumer's database."""
    committed: dict[str, float] = {}
    seen: dict[str, float] = {}

    waiting: set[str] = set()

    async def watch() -> None:
        while len(seen) < RATE * SECONDS:
            if waiting:
                rows = await sink.fetch(
                    "SELECT code FROM unit_node WHERE code = ANY($1::text[])", list(waiting)
                )
                moment = time.perf_counter()
                seen.update((row["code"], moment) for row in rows)
                waiting.difference_update(row["code"] for row in rows)
            await asyncio.sleep(LOOK)

    watcher = asyncio.create_task(watch())
    begun = time.perf_counter()
    for number in range(RATE * SECONDS):
        await asyncio.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        event = unit("steady", number)
        async with source.session() as session:
            outbox.add(session, event)
        committed[event.unit_code] = time.perf_counter()
        waiting.add(event.unit_code)
    await asyncio.wait_for(watcher, timeout=60)
    return [seen[code] - moment for code, moment in committed.items()]


async def drain(stack: Stack, source: Database, sink: asyncpg.Connection) -> float:
    """Events per second at which a consumer that was away catches up with a full stream."""
    stack.halt("parks")
    for start in range(0, BACKLOG, 500):
        async with source.session() as session:
            for number in range(start, start + 500):
                outbox.add(session, unit("backlog", number))
    publisher = await asyncpg.connect(stack.database_url("targets"))
    await until(publisher, "SELECT count(*) = 0 FROM outbox WHERE published_at IS NULL")
    await publisher.close()
    counted = "SELECT count(*) FROM unit_node WHERE name = 'backlog'"
    stack.resume("parks")
    await until(sink, f"SELECT ({counted}) > 0")
    begun, first = time.perf_counter(), int(await sink.fetchval(counted) or 0)
    await until(sink, f"SELECT ({counted}) = {BACKLOG}")
    return (BACKLOG - first) / (time.perf_counter() - begun)


async def until(connection: asyncpg.Connection, question: str) -> None:
    """Wait until the database answers yes, asking every few milliseconds."""
    while not await connection.fetchval(question):  # noqa: ASYNC110 - another process decides
        await asyncio.sleep(0.005)


def resident(stack: Stack) -> float:
    """Megabytes in memory, every shared page counted once (the kernel's proportional set size)."""
    total = 0
    for name in stack.names:
        pid = stack.pid(name)
        assert pid is not None
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            total += each.memory_full_info().pss
    return total / 1e6


@contextmanager
def running() -> Iterator[Stack]:
    with TemporaryDirectory() as directory, Stack(Path(directory) / "stack") as stack:
        yield stack


async def measure() -> EventFigures:
    with running() as stack:
        memory = resident(stack)
        source = Database(stack.environment("targets")["KECHUANG_DATABASE_URL"])
        sink = await asyncpg.connect(stack.database_url("parks"))
        async with source:
            bell = Nudger(source)
            await bell.start()
            source.on_commit = bell.poke
            found = await latencies(source, sink)
            drained = await drain(stack, source, sink)
            await bell.close()
        await sink.close()
    cuts = statistics.quantiles(found, n=100)
    return EventFigures(cuts[49] * 1000, cuts[98] * 1000, drained, memory)
