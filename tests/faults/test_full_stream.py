"""Far more is published than a stream may hold, and the oldest events leave it: who reads in time
notices nothing, who was away is given out again what left unread, and told of it meanwhile.

`TRIAL_TURNS=100` is the full form: how often a stream is filled anew.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from prometheus_client import REGISTRY
from servicekit.messaging import bootstrap, observe, relay, stream
from servicekit.messaging.bus import UNREACHABLE
from servicekit.testing.two_sides import Server, World
from servicekit.worker import Worker

from tests.faults import planted
from tests.faults.balance import balances
from tests.faults.checker.stores import UNPUBLISHED
from tests.table import Caught, Tell

TURNS = int(os.environ.get("TRIAL_TURNS", "3"))
SMALL = 512 * 1024
"""Bytes of the stream: some 780 of the events used here."""
PORTION = 150
"""Events written at once, far fewer than the stream holds."""
HEALED = 60.0 + 20.0 * TURNS
"""Seconds until what left unread is there, on a busy machine."""
ONCE = 20
"""Things that have one event and no later one that would show a gap."""
_NOTED = "SELECT read FROM relay_reading WHERE durable = 'targets__parks'"
_EFFECTS = "SELECT thing, array_agg(number ORDER BY n) AS numbers FROM effect GROUP BY thing"


@pytest.fixture(autouse=True)
def seconds_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at every ten seconds, and what a stream remembers for ten minutes."""
    monkeypatch.setattr(relay, "CHECK", 0.05)
    monkeypatch.setattr(relay, "POLL", 0.05)
    monkeypatch.setattr(observe, "EVERY", 0.2)
    monkeypatch.setattr(bootstrap, "DUPLICATE_WINDOW", 1)


@pytest_asyncio.fixture(loop_scope="module")
async def small(world: World) -> World:
    """A world whose streams hold little."""
    world.max_bytes = SMALL
    await world.bootstrap()
    return world


async def number(world: World, sql: str) -> int:
    async with world.source.session() as session:
        row = await session.fetch_row(sql)
    return int(row[0]) if row else -1


async def at(worker: Worker) -> stream.StreamState:
    return await stream.state(worker.bus, "parks")


async def all_out(world: World) -> None:
    async def none_waits() -> bool:
        return await number(world, UNPUBLISHED) == 0

    await world.until(none_waits)


async def read_by_all(world: World, worker: Worker) -> None:
    """Wait until the relay has seen that everything there is was read."""

    async def noted() -> bool:
        with contextlib.suppress(*UNREACHABLE):
            done = await number(world, UNPUBLISHED) == 0
            return done and await number(world, _NOTED) == (await at(worker)).last_seq
        return False

    await world.until(noted)


async def fill(world: World, worker: Worker, thing: str, numbers: range) -> int:
    """Write these with a healthy reader; answers how many events the outbox holds."""
    for first in numbers[::PORTION]:
        await world.add(thing, range(first, min(first + PORTION, numbers.stop)))
        await read_by_all(world, worker)
    return await world.stored()


async def every_effect(world: World) -> dict[str, list[int]]:
    async with world.sink.session() as session:
        return {row["thing"]: row["numbers"] for row in await session.fetch(_EFFECTS)}


@asynccontextmanager
async def balanced(world: World) -> AsyncIterator[list[int]]:
    """Nothing is unaccounted for at any moment meanwhile."""
    done, off = asyncio.Event(), list[int]()
    watch = asyncio.create_task(balances(world, done, every=0.05))
    try:
        yield off
    finally:
        done.set()
        off += await watch


def gauge(name: str) -> float:
    return REGISTRY.get_sample_value(f"kechuang_{name}", {"publisher": "parks"}) or 0.0


def given_out_again() -> float:
    return REGISTRY.get_sample_value("kechuang_events_republished_total") or 0.0


async def troubles(*workers: Worker) -> list[str]:
    return [text for w in workers for check in w.checks().values() if (text := await check())]


async def test_who_reads_in_time_notices_nothing_when_a_stream_is_full(
    small: World, server: Server, tell: Tell
) -> None:
    world, began, again, wrong = small, time.monotonic(), given_out_again(), [0]
    publisher, consumer = await world.publisher(), await world.consumer()
    await fill(world, publisher, "read", range(PORTION))
    each = (await at(publisher)).bytes / await world.stored()
    turn = int(SMALL / each)
    for goes in ("on", "NATS starts anew", "both start anew"):
        if goes == "NATS starts anew":
            server.kill()
            server.start()
            await publisher.bus.wait_connected()
        elif goes == "both start anew":
            await world.stop_workers()
            publisher, consumer = await world.publisher(), await world.consumer()
        await world.settled()
        last = TURNS * turn if goes == "on" else turn // 2
        async with balanced(world) as off:
            stored = await fill(world, publisher, f"read {goes}", range(last))
        wrong += off
        found, account = await at(publisher), await world.settled()
        assert found.trimmed, "the stream is not full"
        assert found.last_seq == stored == account.outcomes["applied"], "published more than once"
        assert not account.outcomes["ignored"] + account.outcomes["parked"]
        assert await world.effects(f"read {goes}") == list(range(last))
    await asyncio.sleep(2 * observe.EVERY)
    assert set(wrong) == {0}, f"not accounted for: {wrong}"
    assert given_out_again() == again
    assert await troubles(publisher, consumer) == []
    assert (gauge("events_unaccounted"), gauge("stream_messages")) == (0, stored)
    tell(
        "full stream, read in time", events=stored, held=found.messages, bytes_of_one=int(each),
        published_again=0, balanced=f"{len(wrong)} times", took=f"{time.monotonic() - began:.0f} s",
    )  # fmt: skip


async def left_unread(world: World, publisher: Worker, name: str) -> dict[str, list[int]]:
    """Publish far more than the stream holds while nobody reads; what has to be applied then."""
    wanted = {name: list(range(TURNS * 600)), **{f"{name}-{n}": [n] for n in range(ONCE)}}
    half = len(wanted[name]) // 2
    await world.add(name, range(half))
    for n in range(ONCE):
        await world.add(f"{name}-{n}", [n])
    await world.add(name, range(half, 2 * half))
    await all_out(world)
    assert await troubles(publisher) == [], "publishing is refused"
    return wanted


async def test_what_left_unread_is_told_of_and_given_out_again(small: World, tell: Tell) -> None:
    world = small
    publisher = await world.publisher()
    away = await world.consumer()
    await fill(world, publisher, "before", range(PORTION))
    before, read = await every_effect(world), await number(world, _NOTED)
    world._running.remove(away)
    await away.stop()
    wanted = before | await left_unread(world, publisher, "away")
    missed = (await at(publisher)).first_seq - 1 - read
    began, again, told = time.monotonic(), given_out_again(), 0.0
    await world.consumer()

    async def begun() -> bool:
        return given_out_again() > again

    await world.until(begun)
    world._running.remove(publisher)
    await publisher.stop()
    publisher = await world.publisher()
    world._running.reverse()

    async def whole() -> bool:
        nonlocal told
        told = max(told, gauge("events_unaccounted"))
        return await every_effect(world) == wanted

    await world.until(whole, HEALED)
    healed = time.monotonic() - began
    account = await world.settled()
    assert told > 0, "nobody said that something is missing"
    assert account.unaccounted == account.outcomes["parked"] == 0
    await fill(world, publisher, "after", range(PORTION))
    assert await every_effect(world) == wanted | {"after": list(range(PORTION))}
    tell(
        "full stream, away", events=len(wanted["away"]) + ONCE, left_unread=missed, told=int(told),
        lost=0, doubled=0, healed=f"{healed:.1f} s",
    )  # fmt: skip


async def test_what_left_unread_and_is_forgotten_stays_missing(
    small: World, monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    planted.DEFECTS["unread_forgotten"](monkeypatch.setattr)
    world = small
    publisher = await world.publisher()
    wanted = await left_unread(world, publisher, "forgotten")
    await world.consumer()
    await asyncio.sleep(3)
    found = await every_effect(world)
    lost = [thing for thing in wanted if found.get(thing) != wanted[thing]]
    unaccounted = (await world.account()).unaccounted
    assert len(lost) == ONCE + 1
    assert unaccounted > 0
    caught("unread_forgotten", f"{len(lost)} things lack effects, {unaccounted} unaccounted for")


async def test_what_left_a_full_stream_is_not_lost(
    small: World, monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    planted.DEFECTS["trimmed_is_lost"](monkeypatch.setattr)
    world, again = small, given_out_again()
    await world.publisher()
    await world.consumer()
    await world.add("flood", range(PORTION))

    async def flooded() -> bool:
        return given_out_again() > again

    await world.until(flooded)
    caught("trimmed_is_lost", f"{given_out_again() - again:.0f} events are published once more")


async def test_a_full_stream_that_refuses_is_noticed(
    small: World, monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    planted.DEFECTS["discard_new"](monkeypatch.setattr)
    world = small
    await world.bootstrap()
    publisher = await world.publisher()
    await world.add("refused", range(PORTION))

    async def refused() -> bool:
        return "maximum bytes" in " ".join(await troubles(publisher))

    await world.until(refused)
    waiting = await number(world, UNPUBLISHED)
    assert waiting > 0
    caught("discard_new", f"{waiting} events wait: {' '.join(await troubles(publisher))}")
