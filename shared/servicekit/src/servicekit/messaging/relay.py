"""The relay: publishes what the outbox holds, in order. One a service, by a lock in Postgres.

It reads `published_at IS NULL` and never "after the last id": numbers are drawn before the
commit, so a row with a smaller number may appear later. Within an aggregate the numbers do follow
the versions, because they are drawn under the aggregate's row lock.
"""

import asyncio
import contextlib
import time

import asyncpg
import structlog

from servicekit.messaging import metrics, names, postgres
from servicekit.messaging.bus import UNREACHABLE, Bus, NoRespondersError
from servicekit.messaging.envelope import encode
from servicekit.messaging.leader import take_turn
from servicekit.messaging.nudge import CHANNEL
from servicekit.messaging.publish import Outgoing, Refused, publish
from servicekit.messaging.reconcile import differs, reconcile
from servicekit.messaging.unread import give_out_again

BATCH = 500
"""Events of one atomic batch; the server's limit is 1,000."""

POLL = 1.0
"""Seconds between two looks when no bell is heard."""

BURST = 0.005
"""Seconds in which further events share the next batch: every batch costs a sync at NATS and a
transaction at every consumer."""

CHECK = 10.0
"""Seconds between two looks at the stream itself."""

log = structlog.get_logger()

_UNPUBLISHED = """SELECT seq, id, aggregate_id, aggregate_version, type, data, time, correlation_id,
 causation_id, traceparent, stream_seq FROM outbox
 WHERE published_at IS NULL ORDER BY seq LIMIT $1"""

_PUBLISHED = """WITH marked AS (
   UPDATE outbox SET published_at = now(), stream_seq = m.stream_seq
   FROM unnest($1::bigint[], $2::bigint[]) AS m (seq, stream_seq) WHERE outbox.seq = m.seq)
 UPDATE relay_position SET stream_seq = greatest(stream_seq, $3) WHERE stream = $4"""


class Relay:
    """Runs until it is cancelled. `leading` tells whether this process holds the lock."""

    def __init__(self, bus: Bus, database_url: str, publisher: str, schemas: str) -> None:
        self._bus, self._url, self._publisher, self._schemas = bus, database_url, publisher, schemas
        self._wake = asyncio.Event()
        self.leading = False
        self.trouble: str | None = None
        bus.listeners.append(self._wake.set)

    async def run(self) -> None:
        """Wait for the lock, lead, and begin again when the connection that holds it breaks."""
        try:
            async with postgres.connection(self._url, "relay") as connection:
                await take_turn(connection, "servicekit.relay")
                await connection.add_listener(CHANNEL, lambda *_: self._wake.set())
                self.leading = True
                await self._lead(connection)
        finally:
            self.leading = False

    async def _lead(self, connection: asyncpg.Connection) -> None:
        epoch, next_check = -1, 0.0
        while True:
            await self._bus.wait_connected()
            self._wake.clear()
            try:
                if epoch != self._bus.epoch:
                    seen = self._bus.epoch
                    await reconcile(connection, self._bus, self._publisher)
                    epoch, next_check = seen, time.monotonic() + CHECK
                busy = await self._round(connection)
                if time.monotonic() > next_check:
                    next_check = time.monotonic() + CHECK
                    await give_out_again(connection, self._bus, self._publisher)
                    if not busy and await differs(connection, self._bus, self._publisher):
                        epoch = -1
                self.trouble = None
            except (*UNREACHABLE, Refused) as error:
                epoch = -1 if isinstance(error, NoRespondersError) else epoch
                await self._stumble(connection, error)
                continue
            if busy:
                await asyncio.sleep(BURST)
            else:
                await self._sleep()

    async def _round(self, connection: asyncpg.Connection) -> bool:
        """Publish one batch; answers whether there may be more at once."""
        rows = await connection.fetch(_UNPUBLISHED, BATCH)
        if not rows:
            return False
        source = names.source(self._publisher)
        stored = await publish(
            self._bus,
            [
                Outgoing(
                    seq=row["seq"],
                    id=str(row["id"]),
                    aggregate_id=row["aggregate_id"],
                    subject=row["type"],
                    payload=encode(row, source=source, schemas=self._schemas),
                    again=row["stream_seq"] is not None,
                )
                for row in rows
            ],
        )
        highest = max(stored.values())
        numbers, sequences = list(stored), list(stored.values())
        stream = names.stream(self._publisher)
        await connection.execute(_PUBLISHED, numbers, sequences, highest, stream)
        metrics.PUBLISHED.inc(len(stored))
        return True

    async def _stumble(self, connection: asyncpg.Connection, error: Exception) -> None:
        """Note the trouble and wait a little; a database that is gone ends the leadership."""
        text = str(error) or type(error).__name__
        if text != self.trouble:
            log.warning("relay_cannot_publish", error=text)
        self.trouble = text
        await asyncio.sleep(0.25)
        await connection.fetchval("SELECT 1")

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await self._wake.wait()
