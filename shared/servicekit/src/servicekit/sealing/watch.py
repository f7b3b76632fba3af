"""How far the trail is covered by what was signed: counted in every worker, so that it is told also
when nobody seals."""

import asyncio
import time

from servicekit.clock import now
from servicekit.db import Database
from servicekit.messaging.errors import is_passing
from servicekit.sealing import metrics
from servicekit.sealing.content import LATE_MS, LOWEST, id_at, noted_ms
from servicekit.sealing.sealer import LAST

EVERY = 15.0
"""Seconds between two counts; of an expensive one they are fifty times what it took."""

MOST = 10_000
"""Rows that are counted; more are as bad."""

_UNSEALED = """SELECT e.id::text AS id FROM audit_entry e
 WHERE e.id > $1 AND NOT EXISTS (
  SELECT FROM audit_seal s WHERE s.entry_id = e.id AND s.entry_id > $1)
 ORDER BY e.id LIMIT $2"""
_UNSIGNED = """SELECT count(*) AS rows,
 coalesce(extract(epoch FROM now() - min(sealed_at)), 0)::float8 AS age
 FROM (SELECT sealed_at FROM audit_seal
  WHERE seq > (SELECT coalesce(max(seq), 0) FROM audit_checkpoint) ORDER BY seq LIMIT $1) AS past"""


async def watch(database: Database) -> None:
    """Until it is cancelled."""
    while True:
        began = time.monotonic()
        try:
            await count(database)
        except Exception as error:
            if not is_passing(error):
                raise
        await asyncio.sleep(max(EVERY, 50 * (time.monotonic() - began)))


async def count(database: Database) -> None:
    """Count once: rows that are not sealed, and those whose seals are under no checkpoint."""
    last = await database.fetch(LAST, ())
    milliseconds = int(now().timestamp() * 1000)
    sealed = min(noted_ms(last[0]["entry_id"]), milliseconds) if last else 0
    floor = id_at(sealed - LATE_MS) if last else LOWEST
    unsealed = await database.fetch(_UNSEALED, (floor, MOST))
    (unsigned,) = await database.fetch(_UNSIGNED, (MOST,))
    oldest = (milliseconds - noted_ms(unsealed[0]["id"])) / 1000 if unsealed else 0.0
    metrics.UNCOVERED.set(len(unsealed) + unsigned["rows"])
    metrics.UNCOVERED_AGE.set(max(oldest, unsigned["age"], 0.0))
