"""Work that is done at times: each schedule by one worker at a time, and never silently wrong."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import text

from servicekit import context
from servicekit.context import Context
from servicekit.db import Database, Session
from servicekit.messaging import metrics
from servicekit.messaging.errors import is_passing

SPREAD = 3.0
"""Seconds over which the first looks of a process's schedules are spread. All at one moment, then
and later, they take every connection there is, and what waits for its turn are the events."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Schedule:
    """Run `run` in one transaction, `every` so often counted from the end of the last run, by
    whichever worker comes first. A failed run is repeated, at first after some seconds."""

    name: str
    every: timedelta
    run: Callable[[Session], Awaitable[None]]


_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(:lock, 0))"

# A run that lies ahead of now is of a clock that was put back since: who waited for that moment
# would do nothing until then.
_DUE = """SELECT NOT EXISTS (SELECT FROM schedule_run WHERE name = :name
 AND last_run_at > now() - cast(:every AS interval) AND last_run_at <= clock_timestamp())"""

_DONE = """INSERT INTO schedule_run (name, last_run_at) VALUES (:name, clock_timestamp())
 ON CONFLICT (name) DO UPDATE SET last_run_at = excluded.last_run_at"""


class Timekeeper:
    """Keeps one schedule; runs until it is cancelled. `trouble` is its last error, or none."""

    def __init__(self, database: Database, schedule: Schedule) -> None:
        self._database, self._schedule = database, schedule
        metrics.SCHEDULE_PERIOD.labels(schedule.name).set(schedule.every.total_seconds())
        self.trouble: str | None = None

    async def run(self) -> None:
        look = min(self._schedule.every.total_seconds() / 4, 15.0)
        failures, wait = 0, random.uniform(0, min(look, SPREAD))  # noqa: S311
        while True:
            await asyncio.sleep(wait)
            try:
                with context.using(Context()):
                    await self.once()
                failures, self.trouble = 0, None
            except Exception as error:
                failures += 1
                self.trouble = f"{type(error).__name__}: {error}"[:200]
                metrics.SCHEDULE_FAILURES.labels(self._schedule.name).inc()
                log.error(
                    "schedule_failed",
                    schedule=self._schedule.name,
                    failures=failures,
                    exc_info=None if is_passing(error) else error,
                )
            wait = max(look, 0.05) * min(2**failures, 64)
            wait *= random.uniform(0.8, 1)  # noqa: S311

    async def once(self) -> bool:
        """Run it if it is due and no other worker has it in hand; answers whether it ran."""
        name, every = self._schedule.name, self._schedule.every
        async with self._database.session() as session:
            if not await session.scalar(text(_LOCK), {"lock": f"schedule:{name}"}):
                return False
            if not await session.scalar(text(_DUE), {"name": name, "every": every}):
                return False
            await self._schedule.run(session)
            await session.execute(text(_DONE), {"name": name})
        return True
