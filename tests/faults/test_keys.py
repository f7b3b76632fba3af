"""Same key, same effect: one to five repeats at once, answers kept back on the wire, the service
killed in the middle. Every operation has one effect, one audit entry, one event and one answer.

`TRIAL_OPERATIONS=10000` is the full form; `TRIAL_SEED` draws others.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from servicekit.testing.databases import Databases as Made
from servicekit.testing.tokens import Tokens

from tests.faults.alone import Alone, behind_a_wire, until
from tests.faults.checker.effects import check_effects
from tests.faults.checker.findings import Report
from tests.faults.checker.stores import Databases
from tests.faults.client import Client
from tests.faults.history import History
from tests.faults.work import Caller, World
from tests.table import Caught, Tell

SEED = int(os.environ.get("TRIAL_SEED", "29"))
OPERATIONS = int(os.environ.get("TRIAL_OPERATIONS", "200"))
CALLERS, MOST = 6, 5
"""Callers side by side, and copies of one request at most."""
KILLS = max(3, OPERATIONS // 300)
DROPPED = 0.2
"""How many of the answers are kept back."""

Started = Callable[..., Alone]


@pytest.fixture
def supervision(
    postgres_server: Made, tokens: Tokens, new_directory: Callable[[], Path]
) -> Iterator[Started]:
    """`supervision("read_then_insert")`: the service with these mistakes, on a new database."""
    started: list[Alone] = []

    def start(*defects: str) -> Alone:
        stored = postgres_server.migrated("supervision")
        alone = Alone("supervision", stored, tokens, new_directory(), defects)
        started.append(alone)
        return alone.start()

    yield start
    for alone in started:
        alone.stop()
        postgres_server.drop(alone.stored)


class Repeating(Client):
    """Sends everything one to five times at once."""

    chance: random.Random

    async def until_answered(self, history, request, key, *, copies=1, patience=60.0):
        copies = self.chance.randint(1, MOST)
        return await super().until_answered(history, request, key, copies=copies, patience=patience)


@asynccontextmanager
async def repeating(alone: Alone, port: int) -> AsyncIterator[Client]:
    plain = alone.client(port)
    kind = type("RepeatingHere", (Repeating, type(plain)), {"chance": random.Random(SEED)})
    async with kind(f"http://127.0.0.1:{port}", alone.tokens) as client:
        yield client


async def load(alone: Alone, history: History, client: Client, operations: int) -> None:
    """Callers write until there are so many operations."""
    world = World(["supervision"])
    callers = [Caller(n, SEED, world, client, history) for n in range(CALLERS)]

    async def call(caller: Caller) -> None:
        while len(history.operations) < operations:
            await caller.step()

    await asyncio.gather(*map(call, callers))


async def kill_between(alone: Alone, history: History, operations: int, kills: int) -> None:
    """Kill it `kills` times, evenly over the operations, and start it again."""
    for number in range(kills):
        enough = operations * (number + 1) // (kills + 1)
        await until(lambda n=enough: answered(history, n))
        alone.kill()
        await asyncio.to_thread(alone.start)


async def answered(history: History, enough: int) -> bool:
    return history.answered() >= enough


async def verdict(alone: Alone, history: History) -> Report:
    report = Report()
    async with Databases.at({"supervision": alone.stored.readonly_url}) as databases:
        await check_effects(report, databases, history)
    return report


async def test_a_key_has_one_effect_whatever_breaks(supervision: Started, tell: Tell) -> None:
    alone, history = supervision(), History()
    async with behind_a_wire(alone, SEED, DROPPED) as wire, repeating(alone, wire.port) as client:
        await asyncio.gather(
            load(alone, history, client, OPERATIONS),
            kill_between(alone, history, OPERATIONS, KILLS),
        )
    report = await verdict(alone, history)
    assert report.clean, str(report)
    operations = history.operations
    repeated = sum(operation.replayed for operation in operations)
    assert wire.dropped > OPERATIONS / 10
    assert repeated > OPERATIONS / 2
    tell(
        "idempotency", seed=SEED, operations=len(operations),
        requests=sum(len(o.attempts) for o in operations), repeated_answers=repeated,
        answers_dropped=wire.dropped, kills=alone.kills, lost=0, doubled=0,
    )  # fmt: skip


async def findings(alone: Alone, history: History, kind: str) -> list[str]:
    report = await verdict(alone, history)
    return [str(finding) for finding in report.findings if finding.kind == kind]


async def at_once(alone: Alone, operations: int) -> History:
    history = History()
    async with repeating(alone, alone.port) as client:
        await load(alone, history, client, operations)
    return history


def some(found: Sequence[str], where: str) -> str:
    return next((each for each in found if where in each), "")


async def test_a_key_that_is_only_looked_up_lets_two_in(
    supervision: Started, caught: Caught
) -> None:
    alone = supervision("read_then_insert")
    doubled = await findings(alone, await at_once(alone, 20), "doubled")
    assert some(doubled, "issue an item → item")
    caught("read_then_insert", some(doubled, "answers to one key name several resources"))


async def test_audit_that_is_written_apart_tells_of_what_never_was(
    supervision: Started, caught: Caught
) -> None:
    alone = supervision("audit_outside_the_transaction")
    told = await findings(alone, await at_once(alone, 20), "unexpected")
    assert some(told, "audit entry without its item")
    caught("audit_outside_the_transaction", f"{len(told)} such as {told[0]}")


async def test_a_key_that_is_written_afterwards_does_not_survive_a_kill(
    supervision: Started, caught: Caught
) -> None:
    alone, history = supervision("key_outside_the_transaction"), History()
    caller = Caller(0, SEED, World(["supervision"]), alone.client(), history)
    async with alone.database() as connection, caller._client as client:
        request = caller._item("killed-between")
        waiting = asyncio.create_task(client.until_answered(history, request, "killed-between"))
        await until(lambda: connection.fetchval("SELECT count(*) FROM supervision_item"))
        alone.kill()
        await asyncio.to_thread(alone.start)
        await waiting
    doubled = await findings(alone, history, "doubled")
    assert some(doubled, "issue an item → item")
    caught("key_outside_the_transaction", some(doubled, "issue an item → item"))
