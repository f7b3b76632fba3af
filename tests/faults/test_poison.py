"""Messages that cannot be read, of a version nobody knows, ahead of their predecessor or that crash
their handler, among healthy ones: nothing is skipped in silence. At every second

    applied + ignored + parked + pending = messages of the stream

and one call replays everything whose cause is mended. `TRIAL_MESSAGES` and `TRIAL_SEED` draw
others.
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import nats
import pytest
from servicekit.messaging import parked
from servicekit.testing.two_sides import Counted, World, envelope

from tests.faults import planted
from tests.faults.balance import balances
from tests.table import Caught, Tell

SEED = int(os.environ.get("TRIAL_SEED", "31"))
MESSAGES = int(os.environ.get("TRIAL_MESSAGES", "1000"))
SUBJECT = Counted.type
UNKNOWN = SUBJECT.replace(".v1", ".v2")
BROKEN = 1_000_000
"""Numbers from here on crash the handler, until it is mended."""
PARKED_WITHIN = 60.0
REPLAYED_A_SECOND = 20
"""Of many, at the very least."""
GARBAGE = (b"", b"\x00\xff", b"[]", b'{"specversion":"1.0"}', b"\xff\xfe{", b"null")


@dataclass
class Script:
    """What is sent, and what has to become of it by the plain rules: `parked` by their reasons at
    first, `effects` of each thing in the end. Whether one that waits for its predecessor is called
    a gap or behind another depends on which is looked at first."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    effects: dict[str, list[int]] = field(default_factory=dict)

    def garbage(self, body: bytes) -> None:
        self.messages.append((SUBJECT, body))
        self._park("invalid")

    def thing(self, name: str, chance: random.Random) -> None:
        """The life of one thing: healthy, or with one mishap, behind which all else has to wait."""
        mishap = chance.choice(("none", "none", "unknown", "crash", "gap"))
        length, at = chance.randint(3, 9), chance.randint(2, 3)
        waits = False
        self.effects[name] = []
        for version in range(1, length + 1):
            hit = version == at
            if hit and mishap == "gap":
                continue
            unknown = hit and mishap == "unknown"
            number = BROKEN + version if hit and mishap == "crash" else version
            kind = UNKNOWN if unknown else SUBJECT
            data = {"thing": name, "number": number}
            self.messages.append((kind, envelope(name, version, type=kind, data=data)))
            if not unknown:
                self.effects[name].append(number)
            if waits:
                self._park("out of turn")
            elif mishap == "crash" and hit:
                self._park("failed")
                waits = True
            elif mishap == "gap" and version == at + 1:
                self._park("out of turn")
                waits = True
            else:
                self.outcomes["ignored" if unknown else "applied"] += 1

    def _park(self, reason: str) -> None:
        self.parked[reason] += 1
        self.outcomes["parked"] += 1


def written(prefix: str, messages: int, seed: int) -> Script:
    """A script of about so many messages; several things are under way at once."""
    chance, script = random.Random(seed), Script()
    while len(script.messages) < messages:
        if chance.random() < 0.2:
            script.garbage(chance.choice(GARBAGE))
        else:
            script.thing(f"{prefix}-{len(script.messages)}", chance)
    return script


async def send(world: World, messages: Sequence[tuple[str, bytes]], pause: float) -> None:
    client = await nats.connect(
        world.nats.url,
        user="parks",
        password=world.nats.users["parks"],
        inbox_prefix=b"_INBOX_parks",
    )
    for subject, body in messages:
        await client.request(subject, body, timeout=10)
        await asyncio.sleep(pause)
    await client.close()


async def open_parked(world: World) -> Counter[str]:
    async with world.sink.session() as session:
        rows = await session.fetch("SELECT reason FROM parked_event WHERE resolved_at IS NULL")
    waiting = ("gap", "behind")
    return Counter("out of turn" if r["reason"] in waiting else r["reason"] for r in rows)


async def effects(world: World, prefix: str) -> dict[str, list[int]]:
    async with world.sink.session() as session:
        rows = await session.fetch(
            "SELECT thing, number FROM effect WHERE thing LIKE $1 ORDER BY n", f"{prefix}-%"
        )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["thing"], []).append(row["number"])
    return found


async def test_nothing_is_skipped_in_silence_and_one_call_replays_all(
    world: World, tell: Tell
) -> None:
    script = written("poison", MESSAGES, SEED)
    world.broken.update(range(BROKEN, BROKEN + 20))
    await world.consumer()
    done = asyncio.Event()
    await world.settled()
    watch = asyncio.create_task(balances(world, done))
    began = time.monotonic()
    await send(world, script.messages, pause=0.002)
    sent = time.monotonic()

    async def all_parked() -> bool:
        await asyncio.sleep(0.2)
        return await open_parked(world) == script.parked

    await world.until(all_parked, PARKED_WITHIN)
    parked_after = time.monotonic() - sent
    account = await world.settled()
    assert account.outcomes == script.outcomes
    world.broken.clear()
    async with world.sink.session() as session:
        asked = await parked.request_replay(session)

    async def replayed() -> bool:
        await asyncio.sleep(0.2)
        return await effects(world, "poison") == script.effects

    await world.until(replayed, PARKED_WITHIN + asked / REPLAYED_A_SECOND)
    left = await open_parked(world)
    done.set()
    off = await watch
    assert set(off) == {0}, f"seed {SEED}: not accounted for, second by second: {off}"
    assert left == Counter(invalid=script.parked["invalid"])
    assert (await world.settled()).unaccounted == 0
    tell(
        "poison", seed=SEED, messages=len(script.messages), parked=dict(script.parked),
        replayed=asked - left["invalid"], seconds_balanced=len(off),
        parked_after=f"{parked_after:.1f} s", took=f"{time.monotonic() - began:.0f} s",
    )  # fmt: skip


async def test_an_event_that_is_given_up_in_silence_is_missed(
    world: World, monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    planted.DEFECTS["parking_off"](monkeypatch.setattr)
    world.broken.add(BROKEN)
    await world.consumer()
    before = (await world.settled()).unaccounted
    data = {"thing": "silent", "number": BROKEN}
    await send(world, [(SUBJECT, envelope("silent", 1, data=data))], 0)

    async def unaccounted() -> bool:
        account = await world.account()
        return account.pending == 0 and account.unaccounted == before + 1

    await world.until(unaccounted)
    caught("parking_off", "1 message is neither applied nor ignored, parked or pending")


async def test_an_event_applied_without_its_predecessor_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    planted.DEFECTS["gap_passed_over"](monkeypatch.setattr)
    await world.consumer()
    await send(world, [(SUBJECT, envelope("hasty-1", n)) for n in (1, 3)], 0)

    async def both() -> bool:
        return bool((await effects(world, "hasty")).get("hasty-1", [])[1:])

    await world.until(both)
    found = await effects(world, "hasty")
    assert found == {"hasty-1": [1, 3]}
    assert (await open_parked(world))["out of turn"] == 0
    caught("gap_passed_over", "version 3 is applied after version 1, and nothing is parked")
