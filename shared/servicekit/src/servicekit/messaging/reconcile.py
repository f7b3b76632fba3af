"""Healing the stream: what the outbox knows as published must be there, else it goes out again.

A store that was wiped, truncated or restored from an old copy comes back with fewer messages and
reuses their sequences. So before anything is published over a new connection, the stream is
compared with the rows: its last sequence, its holes, and a sample of ids.
"""

import asyncpg
import structlog

from servicekit.ids import UUID
from servicekit.messaging import metrics, names, stream
from servicekit.messaging.bus import Bus
from servicekit.messaging.stream import StreamState

SAMPLE = 8
"""Rows compared at the end of the outbox, and as many spread over it."""

CHUNK = 5000
"""Outbox rows compared at a time in a full comparison."""

log = structlog.get_logger()

_KNOWN = "SELECT generation, stream_seq FROM relay_position WHERE stream = $1"

_REMEMBER = """INSERT INTO relay_position (stream, generation, stream_seq) VALUES ($1, $2, $3)
 ON CONFLICT (stream) DO UPDATE
 SET generation = excluded.generation, stream_seq = excluded.stream_seq"""

_NEWEST = """SELECT id, stream_seq FROM outbox WHERE published_at IS NOT NULL
 ORDER BY seq DESC LIMIT $1"""

_SPREAD = """SELECT found.id, found.stream_seq
 FROM generate_series(1, $1) AS n,
   LATERAL (SELECT floor(random() * (SELECT max(seq) FROM outbox)) + n * 0 AS at) AS dice,
   LATERAL (SELECT id, stream_seq FROM outbox
     WHERE seq >= dice.at AND published_at IS NOT NULL ORDER BY seq LIMIT 1) AS found"""

_MARK = """UPDATE outbox SET published_at = coalesce(published_at, now()), stream_seq = m.stream_seq
 FROM unnest($1::uuid[], $2::bigint[]) AS m (id, stream_seq)
 WHERE outbox.id = m.id AND outbox.stream_seq IS DISTINCT FROM m.stream_seq"""

_UNMARK = """UPDATE outbox SET published_at = NULL, stream_seq = NULL WHERE id = ANY($1::uuid[])"""

_NO_PLACE = """UPDATE outbox SET stream_seq = NULL
 WHERE published_at IS NULL AND stream_seq >= $1"""

_ROWS = """SELECT seq, id, published_at IS NOT NULL AS published, stream_seq FROM outbox
 WHERE seq > $1 ORDER BY seq LIMIT $2"""


async def reconcile(connection: asyncpg.Connection, bus: Bus, publisher: str) -> int:
    """Bring the outbox's marks in line with the stream; answers how many events it had lost.

    They are only marked here: the relay publishes them with everything else that is unpublished.

    Raises:
        ApiError: the stream is missing. Error, OSError: NATS or Postgres went away meanwhile.
    """
    found = await stream.state(bus, publisher)
    known = await connection.fetchrow(_KNOWN, names.stream(publisher))
    if await _agrees(connection, bus, publisher, found, known):
        await _adopt_tail(connection, bus, publisher, found, known["stream_seq"] if known else 0)
        lost = 0
    else:
        log.warning(
            "stream_differs_from_outbox", stream=names.stream(publisher), last=found.last_seq
        )
        lost = await _compare_all(connection, bus, publisher, found)
        # In another stream, or an older copy of it, what waits has had no place yet.
        await connection.execute(_NO_PLACE, found.first_seq)
        metrics.REPUBLISHED.inc(lost)
        log.warning("stream_will_be_rebuilt", stream=names.stream(publisher), events=lost)
    await connection.execute(_REMEMBER, names.stream(publisher), found.generation, found.last_seq)
    return lost


async def differs(connection: asyncpg.Connection, bus: Bus, publisher: str) -> bool:
    """The cheap part of the comparison, for between connects."""
    found = await stream.state(bus, publisher)
    known = await connection.fetchrow(_KNOWN, names.stream(publisher))
    return known is None or not _plausible(found, known)


def _plausible(found: StreamState, known: asyncpg.Record) -> bool:
    return (
        found.generation == known["generation"]
        and found.last_seq >= known["stream_seq"]
        and not found.has_holes
        and (found.first_seq <= 1 or found.trimmed)
    )


async def _agrees(
    connection: asyncpg.Connection,
    bus: Bus,
    publisher: str,
    found: StreamState,
    known: asyncpg.Record | None,
) -> bool:
    if known is None:
        # The first run of this database: whatever lies in the stream is compared as a whole.
        return found.messages == 0 and not await connection.fetch(_NEWEST, 1)
    if not _plausible(found, known):
        return False
    sample = await connection.fetch(_NEWEST, SAMPLE) + await connection.fetch(_SPREAD, SAMPLE)
    for row in sample:
        if row["stream_seq"] < found.first_seq and found.trimmed:
            continue
        if await stream.id_at(bus, publisher, row["stream_seq"]) != str(row["id"]):
            return False
    return True


async def _adopt_tail(
    connection: asyncpg.Connection, bus: Bus, publisher: str, found: StreamState, known: int
) -> None:
    """Mark what was stored right before a crash; else it would be published a second time."""
    async for page in stream.ids(bus, publisher, known + 1, found.last_seq):
        pairs = [(event_id, seq) for text, seq in page if (event_id := _uuid(text))]
        await connection.execute(_MARK, [p[0] for p in pairs], [p[1] for p in pairs])


async def _compare_all(
    connection: asyncpg.Connection, bus: Bus, publisher: str, found: StreamState
) -> int:
    """Compare every row with every message; answers how many rows the stream lacks."""
    at: dict[UUID, int] = {}
    async for page in stream.ids(bus, publisher, found.first_seq, found.last_seq):
        for text, sequence in page:
            if event_id := _uuid(text):
                at.setdefault(event_id, sequence)
    lost, after = 0, 0
    while rows := await connection.fetch(_ROWS, after, CHUNK):
        after = rows[-1]["seq"]
        present = [row["id"] for row in rows if row["id"] in at]
        missing = [row["id"] for row in rows if _is_lost(row, at, found)]
        await connection.execute(_MARK, present, [at[event_id] for event_id in present])
        await connection.execute(_UNMARK, missing)
        lost += len(missing)
    return lost


def _is_lost(row: asyncpg.Record, at: dict[UUID, int], found: StreamState) -> bool:
    if row["id"] in at or not row["published"]:
        return False
    return not (found.trimmed and row["stream_seq"] < found.first_seq)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
