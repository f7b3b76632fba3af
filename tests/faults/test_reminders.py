"""Two workers take the ladder while one of them is killed in the middle of a transaction, again and
again: every step is told once, in the list and as an event."""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess

import asyncpg
from servicekit.clock import china_date
from servicekit.testing.databases import ServiceDatabase

from tests.faults import reminding
from tests.table import Tell

SEED = int(os.environ.get("TRIAL_SEED", "23"))
RESTARTS = int(os.environ.get("TRIAL_RESTARTS", "60"))
"""Kills in the middle; a kill that hits a worker between two transactions does not count."""
WORKERS, MORE = 2, 12
"""Workers at a time, and items that become due with every kill."""
ANYBODY = 0.02
"""How often whoever is killed may be between two transactions."""
LADDER = 5
WITHIN = 60.0
PROCESSES = multiprocessing.get_context("forkserver")
_ITEMS = """INSERT INTO supervision_item (id, number, title, description, origin, responsible_unit,
 issued_on, due_on, due_provisional, due_set_on, remind_on, holds_payments, status, return_count,
 correlation_id, version)
SELECT uuidv7(), $2 || '-' || n, 't', 'd', 'manual', 'trial-unit', $1::date - 90, $1::date - 40,
 false, $1::date - 90, $1::date, false, 'issued', 0, $2 || '-' || n, 1
FROM generate_series(1, $3) AS n"""
_DAY = """INSERT INTO calendar_day (day, workday, source, provisional, version)
 VALUES ($1, true, 'office', false, 1) ON CONFLICT (day) DO UPDATE SET workday = true"""
_MIDDLE = """SELECT count(*) FROM pg_stat_activity
 WHERE application_name = $1 AND backend_xid IS NOT NULL"""
_WRITING = """SELECT application_name FROM pg_stat_activity
 WHERE application_name = ANY($1::text[]) AND backend_xid IS NOT NULL ORDER BY 1"""
_LEFT = "SELECT count(*) FROM supervision_item WHERE remind_on <= $1"
_TOLD = """SELECT (SELECT count(*) FROM supervision_item),
 (SELECT count(*) FROM reminder),
 (SELECT count(DISTINCT (item_id, rule_code)) FROM reminder),
 (SELECT count(*) FROM outbox WHERE type LIKE '%.item.reminded.%'),
 (SELECT count(DISTINCT (aggregate_id, data->>'rule_code')) FROM outbox
   WHERE type LIKE '%.item.reminded.%'),
 (SELECT count(*) FROM audit_entry WHERE action = 'reminders.send')"""


class Hands:
    """The workers, each by the name of its connection."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.running: dict[str, BaseProcess] = {}
        self.started = 0

    def fill_up(self) -> None:
        while len(self.running) < WORKERS:
            self.started += 1
            name = f"reminding-{self.started}"
            worker = PROCESSES.Process(target=reminding.remind, args=(self.url, name), daemon=True)
            worker.start()
            self.running[name] = worker

    async def writing(self, behind: asyncpg.Connection) -> list[str]:
        """Those that have written something they have not committed."""
        return [row[0] for row in await behind.fetch(_WRITING, list(self.running))]

    async def kill(self, name: str, behind: asyncpg.Connection) -> bool:
        """Stop it, see whether it has written something it has not committed, and kill it."""
        worker = self.running.pop(name)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGSTOP)
        in_the_middle = bool(await behind.fetchval(_MIDDLE, name))
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        return in_the_middle

    def stop(self) -> None:
        for worker in self.running.values():
            worker.kill()
            worker.join()


@asynccontextmanager
async def looking(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        yield connection
    finally:
        await connection.close()


async def break_and_mend(hands: Hands, behind: asyncpg.Connection) -> None:
    """Kill until enough was killed in the middle; there is always something due."""
    draw, today, restarts = random.Random(SEED), china_date(), 0
    while restarts < RESTARTS:
        left = await behind.fetchval(_LEFT, today) or 0
        if left < MORE * WORKERS:
            await behind.execute(_ITEMS, today, f"due-{hands.started}", MORE * WORKERS * 4)
        hands.fill_up()
        await asyncio.sleep(draw.uniform(0.0, 0.02))
        # Mostly somebody who is writing, however slow the machine is; now and then anybody.
        chosen = sorted(hands.running) if draw.random() < ANYBODY else await hands.writing(behind)
        if chosen:
            await asyncio.sleep(draw.uniform(0.0, 0.01))
            restarts += await hands.kill(draw.choice(chosen), behind)


async def finished(behind: asyncpg.Connection) -> None:
    """Nothing is due any more."""
    async with asyncio.timeout(WITHIN):
        while True:
            if not await behind.fetchval(_LEFT, china_date()):
                return
            await asyncio.sleep(0.1)


async def test_every_step_is_told_once_though_workers_are_killed_in_the_middle(
    service_database: Callable[[str], ServiceDatabase], tell: Tell
) -> None:
    database = service_database("supervision")
    PROCESSES.set_forkserver_preload([reminding.__name__])
    hands, begun = Hands(database.app_url), time.monotonic()
    async with looking(database) as behind:
        await behind.execute(_DAY, china_date())
        try:
            await break_and_mend(hands, behind)
            hands.fill_up()
            await finished(behind)
        finally:
            hands.stop()
        found = await behind.fetchrow(_TOLD)
        assert found is not None
    items, told, *others = found
    took = time.monotonic() - begun
    assert [told, *others] == [items * LADDER] * len(found[1:])
    tell(
        "reminders", seed=SEED, restarts_in_the_middle=RESTARTS, starts=hands.started,
        items=items, reminders=told, told_twice=0, seconds=f"{took:.0f}",
    )  # fmt: skip
