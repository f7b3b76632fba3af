"""Trying parked events again: those an operator asked for, and those whose turn has come.

An event that is parked only because of its order (`gap`, `behind`) is applied by itself as soon
as everything before it was. What failed or is invalid waits for somebody to mend the cause.
"""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import asyncpg
import structlog

from servicekit.db import Database, Session
from servicekit.messaging import metrics
from servicekit.messaging.apply import call
from servicekit.messaging.delivery import Delivery, Outcome, Reason, read
from servicekit.messaging.errors import is_passing
from servicekit.messaging.inbox import storable
from servicekit.messaging.subscriptions import Handlers

PAUSE = 1.0
"""Seconds between two looks."""

log = structlog.get_logger()

_DUE = """SELECT event_id FROM (
   SELECT p.event_id, p.publisher, p.aggregate_id, p.aggregate_version FROM parked_event AS p
   LEFT JOIN inbox_position AS pos
     ON pos.publisher = p.publisher AND pos.aggregate_id = p.aggregate_id
   WHERE p.resolved_at IS NULL AND (p.replay_requested_at IS NOT NULL
     OR (p.reason IN ('gap', 'behind') AND p.aggregate_version <= coalesce(pos.version, 0) + 1))
 ) AS due ORDER BY publisher, aggregate_id, aggregate_version LIMIT 500"""

_ROW = """SELECT event_id, publisher, subject, aggregate_id, aggregate_version, reason, envelope,
   stream_seq, replay_requested_at IS NOT NULL AS requested
 FROM parked_event WHERE event_id = $1 AND resolved_at IS NULL FOR UPDATE SKIP LOCKED"""

_POSITION = """SELECT version FROM inbox_position
 WHERE publisher = $1 AND aggregate_id = $2 FOR UPDATE"""

_EARLIER = """SELECT EXISTS (SELECT FROM parked_event WHERE publisher = $1 AND aggregate_id = $2
 AND aggregate_version < $3 AND resolved_at IS NULL)"""

_MOVE = """INSERT INTO inbox_position (publisher, aggregate_id, version) VALUES ($1, $2, $3)
 ON CONFLICT (publisher, aggregate_id) DO UPDATE SET version = excluded.version
 WHERE inbox_position.version < excluded.version"""

_RESOLVE = """WITH resolved AS (
   UPDATE parked_event SET resolved_at = now(), attempts = attempts + 1 WHERE event_id = $1),
 changed AS (
   UPDATE inbox SET outcome = $2 WHERE event_id = $1 RETURNING publisher, generation),
 less AS (
   UPDATE inbox_tally AS t SET events = t.events - 1 FROM changed AS c
   WHERE t.publisher = c.publisher AND t.generation = c.generation AND t.outcome = 'parked')
 INSERT INTO inbox_tally AS t (publisher, generation, outcome, events)
 SELECT publisher, generation, $2, 1 FROM changed
 ON CONFLICT (publisher, generation, outcome) DO UPDATE SET events = t.events + 1"""

_AGAIN = """UPDATE parked_event SET attempts = attempts + 1, replay_requested_at = NULL,
 reason = $2, error = $3 WHERE event_id = $1"""

_WAIT = """UPDATE parked_event SET replay_requested_at = NULL,
 reason = CASE WHEN reason = 'gap' THEN 'behind' ELSE reason END WHERE event_id = $1"""


class _Failed(Exception):
    """Ends the transaction of an event that failed again."""

    def __init__(self, reason: Reason, error: str) -> None:
        super().__init__(error)
        self.reason, self.error = reason, error


class Replayer:
    """Runs until it is cancelled."""

    def __init__(self, database: Database, handlers: Mapping[str, Handlers]) -> None:
        self._database, self._handlers = database, handlers

    async def run(self) -> None:
        while True:
            try:
                progress = await self.once()
            except Exception as error:
                if not is_passing(error):
                    raise
                progress = 0
            if not progress:
                await asyncio.sleep(PAUSE)

    async def once(self) -> int:
        """One pass over what is due; answers how many events were applied or ignored."""
        async with self._database.session() as session:
            due = [row["event_id"] for row in await session.fetch(_DUE)]
        return sum([await self._try(event_id) for event_id in due])

    async def _try(self, event_id: UUID) -> bool:
        """One event in one transaction."""
        try:
            async with self._database.session() as session:
                return await self._replay(session, event_id)
        except _Failed as failed:
            await self._park_again(event_id, failed.reason, failed.error)
        except Exception as error:
            if is_passing(error):
                raise
            log.warning("replay_failed", event_id=str(event_id), exc_info=error)
            text = f"{type(error).__name__}: {error}"
            await self._park_again(event_id, Reason.FAILED, text)
        return False

    async def _replay(self, session: Session, event_id: UUID) -> bool:
        connection = await session.connection()
        row = (await connection.exec_driver_sql(_ROW, (event_id,))).mappings().first()
        handlers = self._handlers.get(row["publisher"]) if row else None
        if row is None or handlers is None:
            return False
        delivery = read(handlers, "", row["stream_seq"], row["subject"], row["envelope"])
        if delivery.envelope is None or delivery.error:
            raise _Failed(Reason.INVALID, delivery.error)
        driver = await session.driver()
        place = (row["publisher"], delivery.aggregate_id)
        position = await driver.fetchval(_POSITION, *place) or 0
        if delivery.version > position + 1 and (
            not row["requested"] or await driver.fetchval(_EARLIER, *place, delivery.version)
        ):
            # Its turn comes by itself when what is parked before it has been applied.
            await driver.execute(_WAIT, event_id)
            return False
        outcome = await _carry_out(session, driver, place, position, delivery)
        await driver.execute(_RESOLVE, event_id, str(outcome))
        log.info("event_replayed", event_id=str(event_id), outcome=str(outcome))
        metrics.HANDLED.labels(row["publisher"], f"replayed_{outcome}").inc()
        return True

    async def _park_again(self, event_id: UUID, reason: Reason, error: str) -> None:
        async with self._database.session() as session:
            connection = await session.connection()
            values = (event_id, str(reason), storable(error))
            await connection.exec_driver_sql(_AGAIN, values)


async def _carry_out(
    session: Session,
    driver: asyncpg.Connection,
    place: tuple[str, str],
    position: int,
    delivery: Delivery,
) -> Outcome:
    """Apply the event unless its aggregate is past it. A gap before it was accepted by whoever
    asked for the replay."""
    if delivery.version <= position:
        return Outcome.IGNORED
    await call(delivery, session)
    await driver.execute(_MOVE, *place, delivery.version)
    return Outcome.APPLIED if delivery.heard else Outcome.IGNORED
