"""Three relays compete for one outbox, and whoever leads is stopped and goes on later, sometimes
after its lock was given to another: no event is missing, doubled or before its predecessor.

`TRIAL_EVENTS=1000000` is the full form; `TRIAL_SEED` draws another one.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import pytest
from servicekit.messaging import outbox, stream
from servicekit.messaging.bus import Bus
from servicekit.testing.two_sides import World
from sqlalchemy import text

from tests.faults import planted
from tests.faults.checker.stores import UNPUBLISHED
from tests.faults.relaying import LEADING
from tests.faults.system import ROOT
from tests.table import Caught, Tell

SEED = int(os.environ.get("TRIAL_SEED", "17"))
EVENTS = int(os.environ.get("TRIAL_EVENTS", "100000"))
RELAYS, WRITERS, THINGS, TOGETHER = 3, 4, 60, 40
"""Relays, writers at once, aggregates they share, events of one transaction at most."""
PAUSES = max(6, EVENTS // 5000)
"""Times the leader is stopped, however often it changes."""
DONE = 600.0
PER_SECOND = 400
"""Events published in a second, at the very least."""
_HOLDER = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
 AND objsubid = 1 AND ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0)
 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@dataclass
class Relays:
    """Their processes, and which of them says that it leads."""

    running: list[asyncio.subprocess.Process] = field(default_factory=list)
    leading: set[int] = field(default_factory=set)
    _listening: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self, world: World, defects: Sequence[str]) -> None:
        settings = world.settings("parks")
        words = (
            ",".join(defects),
            settings.database_url,
            settings.nats_url,
            settings.nats_user,
            settings.nats_password,
            settings.nats_monitor_url,
        )
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.relaying", *words),
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self.running.append(process)
        self._listening.append(asyncio.create_task(self._listen(process)))

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            if line.strip() == LEADING.encode():
                self.leading.add(process.pid)
            else:
                self.leading.discard(process.pid)

    async def stop(self) -> None:
        for process in self.running:
            process.kill()
            await process.wait()
        await asyncio.gather(*self._listening)


@asynccontextmanager
async def competing(world: World, *defects: str) -> AsyncIterator[Relays]:
    relays = Relays()
    try:
        for _ in range(RELAYS):
            await relays.start(world, defects)
        yield relays
    finally:
        await relays.stop()


async def write(world: World, name: str, events: int, chance: random.Random) -> None:
    """`events` of shared aggregates, in transactions that overtake each other."""
    left = events
    while left:
        count = min(left, chance.randint(1, TOGETHER))
        left -= count
        async with world.source.session() as session:
            for _ in range(count):
                thing = f"{name}-{chance.randrange(THINGS)}"
                outbox.add(session, world.counted(thing, left))
            if chance.random() < 0.05:
                await session.execute(text("SELECT 1"))
                await session.flush_deferred()
                await asyncio.sleep(chance.random() * 0.02)


async def unpublished(world: World) -> int:
    async with world.source.session() as session:
        row = await session.fetch_row(UNPUBLISHED)
    return int(row[0]) if row else 0


async def pause_leaders(world: World, relays: Relays, chance: random.Random) -> int:
    """Stop whoever leads; every other time the database takes its lock away meanwhile, so that it
    goes on beside its successor."""
    owner = await asyncpg.connect(world.parks.superuser_url)
    pauses = 0
    try:
        while pauses < PAUSES:
            await asyncio.sleep(chance.uniform(0.05, 0.4))
            for pid in [*relays.leading]:
                os.kill(pid, signal.SIGSTOP)
                if pauses % 2:
                    for row in await owner.fetch(_HOLDER, "servicekit.relay"):
                        await owner.execute("SELECT pg_terminate_backend($1)", row["pid"])
                await asyncio.sleep(chance.uniform(0.2, 1.2))
                os.kill(pid, signal.SIGCONT)
                pauses += 1
    finally:
        await owner.close()
    return pauses


async def out_of_order(world: World, name: str) -> tuple[list[str], int]:
    """What is wrong with these aggregates in the stream, and how many events were compared."""
    bus = Bus(world.nats.url, "parks", world.nats.users["parks"])
    await bus.start()
    places: dict[str, list[int]] = {}
    try:
        await bus.wait_connected()
        state = await stream.state(bus, "parks")
        async for page in stream.ids(bus, "parks", state.first_seq, state.last_seq):
            for event_id, sequence in page:
                places.setdefault(event_id, []).append(sequence)
    finally:
        await bus.stop()
    async with world.source.session() as session:
        rows = await session.fetch(
            "SELECT id::text, aggregate_id, aggregate_version AS version FROM outbox"
            " WHERE aggregate_id LIKE $1 ORDER BY aggregate_id, aggregate_version",
            f"{name}-%",
        )
    return compare(rows, places), len(rows)


def compare(rows: Sequence[asyncpg.Record], places: dict[str, list[int]]) -> list[str]:
    wrong: list[str] = []
    last, version, aggregate = 0, 0, ""
    for row in rows:
        if row["aggregate_id"] != aggregate:
            aggregate, last, version = row["aggregate_id"], 0, 0
        event = f"{aggregate} version {row['version']}"
        if row["version"] != version + 1:
            wrong.append(f"gap before {event}")
        version = row["version"]
        found = places.get(row["id"], [])
        if not found:
            wrong.append(f"lost: {event}")
        elif len(found) > 1:
            wrong.append(f"doubled: {event}")
        elif found[0] < last:
            wrong.append(f"inversion: {event} at {found[0]}, its predecessor at {last}")
        last = max(last, *found) if found else last
    return wrong


async def all_published(world: World, events: int) -> None:
    async def none_waits() -> bool:
        await asyncio.sleep(0.1)
        return not await unpublished(world)

    await world.until(none_waits, DONE + events / PER_SECOND)


async def test_competing_relays_and_a_paused_leader_keep_the_order(
    world: World, tell: Tell
) -> None:
    chance = random.Random(SEED)
    async with competing(world) as relays:
        began = time.monotonic()
        async with asyncio.TaskGroup() as together:
            for number in range(WRITERS):
                chances = random.Random(f"{SEED}/{number}")
                together.create_task(write(world, "order", EVENTS // WRITERS, chances))
            pauses = together.create_task(pause_leaders(world, relays, chance))
        await all_published(world, EVENTS)
        seconds = time.monotonic() - began
    wrong, compared = await out_of_order(world, "order")
    assert compared == EVENTS // WRITERS * WRITERS
    assert wrong == [], f"seed {SEED}: {len(wrong)}, such as {wrong[:5]}"
    tell(
        "order", seed=SEED, events=compared, relays=RELAYS, pauses=pauses.result(), lost=0,
        doubled=0, inversions=0, seconds=f"{seconds:.0f}",
    )  # fmt: skip


async def test_relays_that_share_the_rows_among_them_lose_the_order(
    world: World, caught: Caught
) -> None:
    async with competing(world, "skip_locked_relays"):
        await write(world, "shared", 2000, random.Random(SEED))
        await all_published(world, 2000)
    wrong, _ = await out_of_order(world, "shared")
    inversions = [each for each in wrong if each.startswith("inversion")]
    assert inversions
    caught("skip_locked_relays", f"{len(inversions)} such as {inversions[0]}")


async def half_done(world: World, thing: str, numbers: int) -> list[str]:
    """Write effects with their events, a third of them rolled back; what is there by half."""
    chance = random.Random(SEED)
    for number in range(numbers):
        try:
            async with world.source.session() as session:
                await session.execute(
                    text("INSERT INTO effect (thing, number) VALUES (:thing, :number)"),
                    {"thing": thing, "number": number},
                )
                outbox.add(session, world.counted(thing, number))
                await session.flush_deferred()
                if chance.random() < 1 / 3:
                    raise KeyError
        except KeyError:
            pass
    async with world.source.session() as session:
        effects = await session.fetch("SELECT number FROM effect WHERE thing = $1", thing)
        events = await session.fetch(
            "SELECT (data->>'number')::int AS number FROM outbox WHERE aggregate_id = $1", thing
        )
    kept, told = {row["number"] for row in effects}, {row["number"] for row in events}
    assert 0 < len(kept) < numbers
    alone = [f"effect {number} without its event" for number in sorted(kept - told)]
    return alone + [f"event {number} without its effect" for number in sorted(told - kept)]


async def test_an_effect_and_its_event_are_stored_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch, tell: Tell, caught: Caught
) -> None:
    assert await half_done(world, "together", 200) == []
    tell("event with its effect", seed=SEED, transactions=200, alone=0)
    planted.DEFECTS["publish_before_commit"](monkeypatch.setattr)
    alone = await half_done(world, "apart", 60)
    assert all(each.endswith("without its effect") for each in alone)
    caught("publish_before_commit", f"{len(alone)} such as {alone[0]}")
