"""Parked events as a service shows them to its operators, and asking for a replay.

A replay is asked for here, by any process, and done by the worker (`replay`), which has the
handlers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text

from servicekit.db import Session


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """One event that waits. `envelope` is the message as text, also when it is not JSON."""

    event_id: UUID
    publisher: str
    subject: str
    type: str | None
    aggregate_id: str | None
    aggregate_version: int | None
    reason: str
    error: str
    attempts: int
    envelope: str
    stream_seq: int
    parked_at: datetime
    replay_requested_at: datetime | None
    resolved_at: datetime | None

    @property
    def data(self) -> object:
        """The event's data, or none when the message cannot be read."""
        try:
            body = orjson.loads(self.envelope)
        except ValueError:
            return None
        return body.get("data") if isinstance(body, dict) else None


_LIST = """SELECT event_id, publisher, subject, type, aggregate_id, aggregate_version, reason,
 error, attempts, envelope, stream_seq, parked_at, replay_requested_at, resolved_at
 FROM parked_event
 WHERE (resolved_at IS NULL OR $1) AND ($2::text IS NULL OR publisher = $2)
   AND ($3::uuid IS NULL OR event_id > $3)
 ORDER BY event_id LIMIT $4"""


_REQUEST = """UPDATE parked_event SET replay_requested_at = now()
 WHERE resolved_at IS NULL AND (cast(:ids AS uuid[]) IS NULL OR event_id = ANY(:ids))
 RETURNING event_id"""


async def list_parked(
    session: Session,
    *,
    publisher: str | None = None,
    resolved: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[ParkedEvent]:
    """Parked events by id, which is nearly by time; `resolved` shows the replayed ones too.

    `after` is the last id of the page before.
    """
    rows = await session.fetch(_LIST, resolved, publisher, after, limit)
    return [
        ParkedEvent(**{**row, "envelope": row["envelope"].decode(errors="replace")}) for row in rows
    ]


async def count_parked(session: Session) -> int:
    """How many wait, over all publishers."""
    row = await session.fetch_row("SELECT count(*) FROM parked_event WHERE resolved_at IS NULL")
    return int(row[0]) if row else 0


async def request_replay(session: Session, event_ids: Sequence[UUID] | None = None) -> int:
    """Ask the worker to try these again, or all that wait; answers how many.

    They are tried in the order of their aggregates, and a failure parks the event again.
    """
    result = await session.execute(
        text(_REQUEST), {"ids": None if event_ids is None else list(event_ids)}
    )
    return len(result.all())
