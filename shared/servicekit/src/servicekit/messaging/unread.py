"""What left a full stream before everybody had read it goes out once more, from the outbox.

The oldest messages leave a full stream, and a durable that had not been given them yet is told
nothing: it goes on at the new beginning. So beside its own position the relay keeps how far each
durable had come at the last look. What left beyond that may have been missed, and is published
again as soon as the durable has read all there is, half a stream at a time: more, or earlier,
would push out what is not read either. Who has had such an event knows it by its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import asyncpg
import structlog

from servicekit.messaging import bootstrap, metrics, stream
from servicekit.messaging.bus import Bus
from servicekit.messaging.stream import Progress, StreamState

CAUGHT_UP = 500
"""Messages that may still be on their way to a durable that has read all there is; of a stream that
holds few, no more than a quarter of it: half of it comes in, and pushes the oldest out."""

log = structlog.get_logger()

_KNOWN = """SELECT durable, read, again, until FROM relay_reading
 WHERE durable = ANY($1::text[]) AND generation = $2"""

_REMEMBER = """INSERT INTO relay_reading (durable, generation, read, again, until)
 VALUES ($1, $2, $3, $4, $5)
 ON CONFLICT (durable) DO UPDATE SET generation = excluded.generation, read = excluded.read,
   again = excluded.again, until = excluded.until"""

# As long as what was released before is not all out, or the stream knows one of the ids still and
# would not store it a second time, all wait. The place is kept; it tells that the event had one.
_RELEASE = """WITH unread AS (
   SELECT seq, published_at FROM outbox
   WHERE stream_seq BETWEEN $1 AND $2 AND published_at IS NOT NULL),
 told AS (
   SELECT EXISTS (SELECT FROM unread WHERE published_at > now() - $3 * interval '1 second')
     OR EXISTS (SELECT FROM outbox WHERE published_at IS NULL AND stream_seq IS NOT NULL) AS early),
 released AS (
   UPDATE outbox SET published_at = NULL FROM unread, told
   WHERE outbox.seq = unread.seq AND NOT told.early RETURNING 1)
 SELECT CASE WHEN early THEN NULL ELSE (SELECT count(*) FROM released) END FROM told"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is kept of one durable: up to `read` everything was acknowledged, or left and is noted;
    of what left, that from behind `again` up to `until` has still to go out again."""

    read: int = 0
    again: int = 0
    until: int = 0

    def seen(self, found: StreamState, durable: Progress) -> "Reading":
        """The same after a look; `durable` was asked before the stream was."""
        gone = max(found.first_seq - 1, 0)
        # Never more than the durable says of what is there: an older copy of the store may be.
        now = replace(self, read=max(gone, durable.read))
        if gone <= self.read:
            return now
        again = self.again if self.again < self.until else self.read
        return replace(now, again=again, until=gone)


async def give_out_again(connection: asyncpg.Connection, bus: Bus, publisher: str) -> int:
    """Mark as unpublished what may have been missed; answers how many events.

    Raises:
        ApiError: the stream is missing. Error, OSError: NATS or Postgres went away meanwhile.
    """
    durables = await stream.progress(bus, publisher)
    found = await stream.state(bus, publisher)
    readings = await _known(connection, found.generation, [each.durable for each in durables])
    released = 0
    for durable, known in zip(durables, readings, strict=True):
        reading = known.seen(found, durable)
        async with connection.transaction():
            caught_up = durable.waiting < min(CAUGHT_UP, max(found.messages // 4, 1))
            if reading.again < reading.until and caught_up:
                portion = min(reading.until, reading.again + max(found.messages // 2, 1))
                events = await _release(connection, reading.again + 1, portion)
                if events is not None:
                    released += events
                    reading = replace(reading, again=portion)
                    if events:
                        log.warning("events_left_unread", durable=durable.durable, events=events)
            if reading != known:
                await _remember(connection, found.generation, durable.durable, reading)
    metrics.REPUBLISHED.inc(released)
    return released


async def _release(connection: asyncpg.Connection, first: int, last: int) -> int | None:
    """How many events from these places go out again, or none if it is too early for them."""
    patience = bootstrap.DUPLICATE_WINDOW * 1.1
    return await connection.fetchval(_RELEASE, first, last, patience)


async def _known(
    connection: asyncpg.Connection, generation: str, durables: Sequence[str]
) -> list[Reading]:
    rows = await connection.fetch(_KNOWN, durables, generation)
    found = {row["durable"]: Reading(row["read"], row["again"], row["until"]) for row in rows}
    return [found.get(durable, Reading()) for durable in durables]


async def _remember(
    connection: asyncpg.Connection, generation: str, durable: str, reading: Reading
) -> None:
    kept = (reading.read, reading.again, reading.until)
    await connection.execute(_REMEMBER, durable, generation, *kept)
