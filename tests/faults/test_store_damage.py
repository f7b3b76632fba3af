"""The NATS store is wiped, flipped by one bit, cut short or put back from an older copy; it is
whole again within a minute, by itself, and nothing is applied twice.

`TRIAL_DAMAGES=50` is the full form; `TRIAL_SEED` draws others.
"""

import asyncio
import contextlib
import os
import random
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from servicekit.messaging import stream
from servicekit.messaging.bus import UNREACHABLE, Bus
from servicekit.testing.two_sides import Server, World

from tests.faults import planted
from tests.table import Caught, Tell

SEED = int(os.environ.get("TRIAL_SEED", "13"))
DAMAGES = int(os.environ.get("TRIAL_DAMAGES", "10"))
HEALED = 60.0
"""Seconds, from the moment the damaged server serves again."""
BEFORE, AWAY = 40, 8
"""Events added before each damage and while the server is away."""
KINDS = ("wipe", "flip", "truncate", "older copy")


@dataclass
class Damager:
    """Damages the store of a server that does not run. `copy` is how it was some time ago."""

    server: Server
    copy: Path
    chance: random.Random
    done: dict[str, int] = field(default_factory=dict)

    def keep_copy(self) -> None:
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.server.store, self.copy)

    def strike(self, kind: str) -> None:
        self.done[kind] = self.done.get(kind, 0) + 1
        if kind in ("wipe", "older copy"):
            shutil.rmtree(self.server.store)
            if kind == "older copy":
                shutil.copytree(self.copy, self.server.store)
            return
        block = self.server.block("parks")
        size = block.stat().st_size
        with block.open("r+b") as file:
            if kind == "truncate":
                file.truncate(self.chance.randrange(size))
            else:
                place = self.chance.randrange(size)
                file.seek(place)
                byte = file.read(1)[0]
                file.seek(place)
                file.write(bytes([byte ^ 1 << self.chance.randrange(8)]))
        self.server.forget_index("parks")


@asynccontextmanager
async def bootstrap_beside(world: World) -> AsyncIterator[None]:
    keeper = world.keeper()
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def missing(world: World) -> list[str]:
    """Events of the outbox that the stream does not hold, or holds at another place than noted."""
    bus = Bus(world.nats.url, "parks", world.nats.users["parks"])
    await bus.start()
    at: dict[str, int] = {}
    try:
        await bus.wait_connected()
        state = await stream.state(bus, "parks")
        if state.messages:
            async for page in stream.ids(bus, "parks", state.first_seq, state.last_seq):
                at.update(page)
    finally:
        await bus.stop()
    async with world.source.session() as session:
        rows = await session.fetch("SELECT id::text, aggregate_id, stream_seq FROM outbox")
    return [f"{r['aggregate_id']} {r['id']}" for r in rows if r["id"] not in at]


async def healed(world: World, thing: str, numbers: range, patience: float) -> list[str]:
    """What is still wrong after `patience` seconds: nothing, as soon as nothing is."""
    end, wrong = time.monotonic() + patience, ["NATS does not answer"]
    while wrong and time.monotonic() < end:
        await asyncio.sleep(0.1)
        with contextlib.suppress(*UNREACHABLE):
            wrong = await what_is_wrong(world, thing, numbers)
    return wrong


async def what_is_wrong(world: World, thing: str, numbers: range) -> list[str]:
    effects = await world.effects(thing)
    if effects != list(numbers):
        return [f"{len(effects)} effects of {len(numbers)}, {len(set(effects))} of them different"]
    lost = await missing(world)
    if lost:
        return [f"the stream lacks {len(lost)} events, such as {lost[0]}"]
    account = await world.account()
    if account.pending or account.unaccounted:
        return [f"{account.messages} messages, {account.pending} pending, {account.outcomes}"]
    return []


async def damaged(
    world: World, server: Server, damager: Damager, kind: str, number: int, patience: float
) -> tuple[list[str], float]:
    """One damage: what is wrong afterwards, and how long it took until nothing was."""
    thing = f"damage-{number}-{kind}"
    await world.sent(thing, range(BEFORE))
    server.kill()
    damager.strike(kind)
    await world.add(thing, range(BEFORE, BEFORE + AWAY))
    server.start()
    began = time.monotonic()
    wrong = await healed(world, thing, range(BEFORE + AWAY), patience)
    return wrong, time.monotonic() - began


@pytest.fixture
def damager(server: Server, new_directory: Callable[[], Path]) -> Damager:
    return Damager(server, new_directory() / "copy", random.Random(SEED))


async def test_a_damaged_store_heals_by_itself(
    world: World, server: Server, damager: Damager, tell: Tell
) -> None:
    kinds = (list(KINDS) * DAMAGES)[:DAMAGES]
    damager.chance.shuffle(kinds)
    slowest: dict[str, float] = {}
    await world.publisher()
    await world.consumer()
    async with bootstrap_beside(world):
        await world.sent("beginning", range(BEFORE))
        await world.settled()
        server.kill()
        damager.keep_copy()
        server.start()
        for number, kind in enumerate(kinds):
            wrong, seconds = await damaged(world, server, damager, kind, number, HEALED)
            assert wrong == [], f"seed {SEED}, damage {number} ({kind})"
            slowest[kind] = round(max(seconds, slowest.get(kind, 0.0)), 1)
    events = await world.stored()
    tell(
        "store damage", seed=SEED, damages=damager.done, events=events, lost=0, doubled=0,
        slowest_healing=f"{slowest} s",
    )  # fmt: skip


async def test_a_stream_that_is_never_compared_stays_lost(
    world: World,
    server: Server,
    damager: Damager,
    monkeypatch: pytest.MonkeyPatch,
    caught: Caught,
) -> None:
    planted.DEFECTS["reconcile_off"](monkeypatch.setattr)
    await world.publisher()
    await world.consumer()
    async with bootstrap_beside(world):
        wrong, _ = await damaged(world, server, damager, "wipe", 1001, patience=4.0)
    assert "the stream lacks" in wrong[0]
    caught("reconcile_off", wrong[0])


async def test_a_work_queue_forgets_what_was_acknowledged(
    world: World,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    caught: Caught,
) -> None:
    planted.DEFECTS["work_queue_retention"](monkeypatch.setattr)
    server.lose_everything()
    await world.bootstrap()
    await world.publisher()
    await world.consumer()
    await world.sent("queue", range(BEFORE))
    wrong = await healed(world, "queue", range(BEFORE), patience=3.0)
    assert "the stream lacks" in wrong[0]
    caught("work_queue_retention", wrong[0])
