"""The bell of the relay: after a commit that stored events, one `NOTIFY` for all that waits.

It is not part of the business transaction: a commit that notifies takes a lock that is held by
one transaction of the whole server at a time. If the bell is not heard, the relay's poll finds
the events a second later.
"""

import asyncio

import asyncpg
import structlog

from servicekit.db import Database
from servicekit.messaging import postgres
from servicekit.messaging.tasks import end

CHANNEL = "outbox"
PAUSE = 1.0
"""Seconds until a broken connection is made anew; the relay polls as often."""

BURST = 0.003
"""Seconds in which further events share the next bell."""

log = structlog.get_logger()


class Nudger:
    """Rings on its own connection; many `poke`s in a row become one `NOTIFY`."""

    def __init__(self, database: Database) -> None:
        self._url = database.url
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def poke(self) -> None:
        """There are new events; returns at once and never fails."""
        self._wanted.set()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="nudger")

    async def close(self) -> None:
        if self._task is not None:
            await end([self._task])
            self._task = None

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()  # who stores no events needs no connection
            try:
                async with postgres.connection(self._url, "nudger") as connection:
                    await self._ring(connection)
            except postgres.LOST as error:
                log.warning("nudger_lost_connection", error=str(error))
            await asyncio.sleep(PAUSE)

    async def _ring(self, connection: asyncpg.Connection) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await connection.execute(f"NOTIFY {CHANNEL}")
            # The first of a burst rings at once; those behind it ring together.
            await asyncio.sleep(BURST)
