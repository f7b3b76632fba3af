"""Clocks are put ten minutes forward and back while everybody writes: one process's at a time, or
Postgres's, five minutes before midnight. A token that is not valid by the clock of who is asked is
refused, by 401 and nothing else; everything else goes on, nothing is lost, doubled or out of order,
and every step of the ladder is told once. What was refused goes on when the clock is right again,
with nothing started anew.

`TRIAL_CLOCKS=500` is the full form; `TRIAL_SEED` draws another order.
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.faults.alone import until
from tests.faults.checker.stores import Databases
from tests.faults.client import Request
from tests.faults.clocks import SEEN, SkewedStack, may_skew
from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES
from tests.prepared import Prepared
from tests.table import Caught, Tell

SEED = int(os.environ.get("TRIAL_SEED", "10"))
FEW = 12
CLOCKS = int(os.environ.get("TRIAL_CLOCKS", str(FEW)))
"""Times that a clock is put; each has been put both ways before any is put again."""
SKEW = 600
LASTING = 1.5
"""Seconds a clock stays wrong after everybody has seen that it is."""
A_LITTLE = 60
"""Seconds by which a clock may be ahead and still believe the tokens of the others."""
ITEMS, LADDER = 3, 5
"""Items that become due with each time, and steps each of them is reminded by."""
WITHIN = 30.0
BEHIND_TOKENS = {"supervision", "funding", "gateway"}
"""Who looks at tokens, or makes them."""

pytestmark = pytest.mark.skipif(not may_skew(), reason="libfaketime is not made for this machine")

_AGE = """UPDATE supervision_item SET issued_on = DATE '{day}' - 90, due_on = DATE '{day}' - 40,
 due_set_on = DATE '{day}' - 90, remind_on = DATE '{day}' WHERE title IN ({names})"""
_WORKDAYS = """INSERT INTO calendar_day (day, workday, source, provisional, version)
 SELECT DATE '{day}' + n, true, 'office', false, 1 FROM generate_series(0, 1) AS n
 ON CONFLICT (day) DO UPDATE SET workday = true"""
_TOLD = """SELECT (SELECT count(*) FROM reminder),
 (SELECT count(DISTINCT (item_id, rule_code)) FROM reminder),
 (SELECT count(*) FROM outbox WHERE type LIKE '%.item.reminded.%'),
 (SELECT count(*) FROM audit_entry WHERE action = 'reminders.send')"""


@dataclass
class Watch:
    """A system whose clocks are put, and what was seen of it meanwhile."""

    rig: Rig
    stack: SkewedStack
    aged: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    async def answers(self) -> dict[str, int]:
        """What somebody who comes now, and signs in first, is told by each service."""
        async with self.rig.client() as client:
            reads = {
                "supervision": Request("read", "office", "GET", "/supervision-items", {}),
                "funding": Request("read", "auditor", "GET", "/budgets", {}),
            }
            return {name: (await client.call(each)).status for name, each in reads.items()}

    async def wrong_for_a_while(self, name: str, seconds: int, within: float = WITHIN) -> None:
        """One clock: whoever then may not believe a token says so, and nobody else does. They have
        `within` seconds to see it."""
        refused = {*TWO_SERVICES} if name == "gateway" else {name} & BEHIND_TOKENS
        expected = {service: 401 if service in refused else 200 for service in TWO_SERVICES}
        self.stack.clocks.put(name, seconds)
        await self.until_answered(expected, within)
        await self.age()
        end = time.monotonic() + LASTING
        while time.monotonic() < end:
            assert await self.answers() == expected, f"{name} {seconds:+} s"
            self.seen["asked"] += 1
            await asyncio.sleep(0.2)
        self.stack.clocks.put(name)
        await self.until_answered(dict.fromkeys(TWO_SERVICES, 200), WITHIN)
        self.seen[f"{name} {'ahead' if seconds > 0 else 'behind'}"] += 1
        self.seen["refused"] += len(refused)

    async def until_answered(self, expected: dict[str, int], within: float) -> None:
        await asyncio.sleep(SEEN)

        async def as_expected() -> bool:
            return await self.answers() == expected

        await until(as_expected, within)

    async def age(self) -> None:
        """Some items have been due for so long that every step of the ladder is to be taken."""
        names = [f"aged-{number}" for number in range(self.aged, self.aged + ITEMS)]
        self.aged += ITEMS
        listed = ", ".join(f"'{name}'" for name in names)
        day = self.stack.clocks.today()
        await asyncio.to_thread(
            self.stack.as_superuser, "supervision", _AGE.format(day=day, names=listed)
        )

    async def prepare(self, times: int) -> None:
        """The items that will be due, as anybody issues them; two days on which work is done."""
        workdays = _WORKDAYS.format(day=self.stack.clocks.today())
        await asyncio.to_thread(self.stack.as_superuser, "supervision", workdays)
        async with self.rig.client() as client:
            await self.rig.world.prepare(client, self.rig.history)
            for number in range(times * ITEMS):
                name = f"aged-{number}"
                body = {
                    "title": name, "description": "d", "responsible_unit": "trial-unit-0",
                    "due_workdays": 10,
                }  # fmt: skip
                request = Request("issue an item", "office", "POST", "/supervision-items", body)
                operation, _ = await client.until_answered(self.rig.history, request, name)
                assert operation.outcome == "ok"

    async def told(self) -> Sequence[int]:
        async with Databases.open(self.stack) as databases:
            (row,) = await databases.rows("supervision", _TOLD)
        return row

    async def everything_told(self) -> bool:
        return (await self.told())[0] >= self.aged * LADDER


@asynccontextmanager
async def watched(
    prepared: Prepared, times: int, defects: Mapping[str, Sequence[str]]
) -> AsyncIterator[Watch]:
    """A system that can be put out of time so often; schedules of minutes run by the second."""
    hurried = {name: [*found] for name, found in defects.items()}
    hurried["supervision-worker"] = [*hurried.get("supervision-worker", ()), "by_the_second"]
    with Rig.running(
        TWO_SERVICES, SEED, defects=hurried, prepared=prepared, kind=SkewedStack
    ) as rig:
        assert isinstance(rig.stack, SkewedStack)
        watch = Watch(rig, rig.stack)
        await watch.prepare(times)
        yield watch


def drawn(names: Sequence[str], times: int) -> list[tuple[str, int]]:
    chance, turn, found = random.Random(SEED), [], []
    every = [(name, skew) for name in names for skew in (SKEW, -SKEW)]
    while len(found) < times:
        turn = turn or chance.sample(every, len(every))
        found.append(turn.pop())
    return found


async def test_a_wrong_clock_loses_nothing_doubles_nothing_and_lets_nobody_in(
    prepared: Prepared, tell: Tell
) -> None:
    async with watched(prepared, CLOCKS, {}) as watch:
        names = [name for name in watch.stack.names if name != "nats"]
        assert len(names) * 2 == FEW, "each is put both ways"

        async def put_all() -> None:
            for name, seconds in drawn(names, CLOCKS):
                await watch.wrong_for_a_while(name, seconds)

        await watch.rig.load(until=asyncio.create_task(put_all()))
        await until(watch.everything_told, WITHIN)
        report = await watch.rig.verdict()
        told = await watch.told()
        outcomes = watch.rig.history.outcomes()
    assert report.clean, str(report)
    assert told[:3] == (watch.aged * LADDER,) * 3, "each step once"
    assert outcomes["ok"] > 10 * CLOCKS
    tell(
        "clocks", seed=SEED, put=CLOCKS, by=f"±{SKEW} s", processes=len(names),
        acknowledged=outcomes["ok"], asked_meanwhile=watch.seen["asked"],
        refused_by_401=watch.seen["refused"], reminders=told[0], told_twice=0, lost=0, doubled=0,
    )  # fmt: skip


async def test_what_trusts_a_clock_is_found(prepared: Prepared, caught: Caught) -> None:
    defects = {"funding": ["boundless_leeway"], "supervision-worker": ["cursor_by_time"]}
    async with watched(prepared, 0, defects) as watch:

        async def put_two() -> None:
            with pytest.raises(AssertionError, match="it did not happen in time"):
                await watch.wrong_for_a_while("funding", -SKEW, within=WITHIN / 5)
            caught("boundless_leeway", f"{await watch.answers()}: tokens of the future are good")
            watch.stack.clocks.put("funding")
            for seconds in (A_LITTLE, 0):
                watch.stack.clocks.put("supervision", seconds)
                await asyncio.sleep(SEEN + LASTING)

        await watch.rig.load(until=asyncio.create_task(put_two()))
        report = await watch.rig.verdict(guilty=True)
    lost = [finding.where for finding in report.findings if finding.kind == "lost"]
    assert "outbox of supervision, unpublished" in lost
    caught("cursor_by_time", f"lost, {len(lost)} times: outbox of supervision, unpublished")
