"""Every SQL statement about the event log."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
from servicekit.db import Database, Session
from servicekit.deferred import Deferred
from servicekit.messaging.subscriptions import Received
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text

from gateway.events.models import LoggedEvent
from gateway.visibility.domain import ANY, Relation, Sight

CHANNEL = "event_log"
"""Where the log tells that it has grown."""

STEP = 5000

# Four consumers commit independently. The lock, taken before the position is drawn and held until
# the commit, makes positions appear in their own order; OFFSET 0 keeps the two steps apart.
_APPEND = """INSERT INTO event_log (id, type, publisher, subject, aggregate_version, time,
  correlation_id, causation_id, traceparent, data, permission, units)
 SELECT $1::uuid, $2::text, $3::text, $4::text, $5::bigint, $6::timestamptz, $7::text, $8::text,
  $9::text, $10::text::json, $11::text, $12::text[]
 FROM (SELECT pg_advisory_xact_lock(hashtextextended('event_log', 0)),
  pg_notify('event_log', '') OFFSET 0) AS held
 ON CONFLICT (id) DO NOTHING"""

_AFTER = """SELECT position, id, type, publisher, subject AS aggregate_id, aggregate_version, time,
 correlation_id, causation_id, traceparent, data::text AS data, permission, units
 FROM event_log WHERE position > $1 ORDER BY position LIMIT $2"""

_ENDS = """SELECT coalesce(min(position), 0) AS oldest, coalesce(max(position), 0) AS newest
 FROM event_log"""

# The newest of the old ones stays: a position below it is one that may have lost its successor.
_PRUNE = """DELETE FROM event_log WHERE position IN (
   SELECT position FROM event_log WHERE position < (
     SELECT position FROM event_log WHERE logged_at < now() - cast(:keep AS interval)
     ORDER BY logged_at DESC LIMIT 1)
   ORDER BY position LIMIT :step)"""


async def append(
    session: Session, event: Received[Any], permission: str | None, units: Sequence[str]
) -> None:
    """Log one event; an event that is there already stays as it is."""
    values = (
        event.id,
        event.type,
        event.publisher,
        event.aggregate_id,
        event.aggregate_version,
        event.time,
        event.correlation_id,
        event.causation_id,
        event.traceparent,
        orjson.dumps(event.data).decode(),
        permission,
        list(units),
    )
    await session.write([Deferred(_APPEND, values)])


async def after(database: Database, position: int, limit: int) -> list[asyncpg.Record]:
    """The events behind a position, in order; no transaction stays open."""
    return await database.fetch(_AFTER, (position, limit))


async def ends(database: Database) -> tuple[int, int]:
    """The oldest and the newest position, 0 and 0 of an empty log."""
    row = (await database.fetch(_ENDS, ()))[0]
    return row["oldest"], row["newest"]


async def prune(session: Session, keep: timedelta) -> None:
    """Let old events go, one step at a time."""
    await session.execute(text(_PRUNE), {"step": STEP, "keep": keep})


def visible(sight: Sight) -> ColumnElement[bool]:
    """The rows a caller may see: `Sight.sees`, as a condition."""
    grouped = sight.by_relation().items()
    return or_(
        false(),
        *(
            and_(LoggedEvent.permission.in_(names), _concerning(sight, allowed))
            for allowed, names in grouped
        ),
    )


def _concerning(sight: Sight, allowed: Relation) -> ColumnElement[bool]:
    if allowed == ANY:
        return LoggedEvent.permission.is_not(None)
    condition = LoggedEvent.units.overlap(sight.units(allowed))
    if Relation.OTHER in allowed:
        known = sight.units(Relation.OWN | Relation.CHILD | Relation.PARENT)
        none_of_these = ~LoggedEvent.units.contained_by(known)
        return or_(condition, func.cardinality(LoggedEvent.units) == 0, none_of_these)
    return condition


def listing(sight: Sight) -> Select[Any]:
    return select(LoggedEvent).where(visible(sight))


def of_types(patterns: Sequence[str]) -> ColumnElement[bool]:
    return or_(
        *(
            LoggedEvent.type.startswith(pattern[:-1], autoescape=True)
            if pattern.endswith("*")
            else LoggedEvent.type == pattern
            for pattern in patterns
        )
    )
