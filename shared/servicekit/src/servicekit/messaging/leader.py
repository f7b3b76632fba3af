"""One worker at a time applies a service's events; the others stand by.

Two workers on one durable would get every other message each: nearly every event would come too
early in one of them. The lock is for speed alone, and a worker that wrongly believes to hold it
does no harm: inbox and positions decide.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import asyncpg
import structlog

from servicekit.messaging import postgres
from servicekit.messaging.tasks import end

HEARTBEAT = 2.0
"""Seconds between two looks whether the connection that holds the lock is alive."""

POLL = 1.0
"""Seconds between two tries to get the lock."""

Loop = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger()


async def take_turn(connection: asyncpg.Connection, lock: str) -> None:
    """Wait until no other process holds the lock; it is held as long as the connection lives."""
    while True:
        if await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", lock):
            return
        await asyncio.sleep(POLL)


class Leader:
    """Runs loops while this process holds a lock in the service's database."""

    def __init__(self, database_url: str, lock: str, loops: Mapping[str, Loop]) -> None:
        self._url, self._lock, self._loops = database_url, lock, loops

    async def run(self) -> None:
        """Wait for the turn and run; returns by an error when the lock is lost."""
        async with postgres.connection(self._url, self._lock) as connection:
            await take_turn(connection, self._lock)
            log.info("leading", lock=self._lock)
            tasks = [asyncio.create_task(loop(), name=name) for name, loop in self._loops.items()]
            tasks.append(asyncio.create_task(_watch(connection), name=f"{self._lock}:watch"))
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await end(tasks)
            for task in tasks:
                if not task.cancelled() and (error := task.exception()):
                    raise error


async def _watch(connection: asyncpg.Connection) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT)
        await connection.fetchval("SELECT 1", timeout=5)
