"""Every statement of the inbox. All of them run inside the transaction of the effect."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from servicekit.db import Session
from servicekit.deferred import Deferred
from servicekit.messaging.delivery import Delivery, Outcome, Reason

_CLAIM = """WITH e AS (
   SELECT * FROM unnest($3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
     AS e (event_id, aggregate_id, version, type, sequence)),
 claimed AS (
   INSERT INTO inbox (event_id, publisher, aggregate_id, aggregate_version, type, outcome,
     stream_seq, generation)
   SELECT event_id, $1::text, aggregate_id, version, type, 'applied', sequence, $2::text FROM e
   ORDER BY event_id, sequence ON CONFLICT (event_id) DO NOTHING RETURNING event_id),
 held AS (
   SELECT aggregate_id, version FROM inbox_position
   WHERE publisher = $1 AND aggregate_id = ANY($4::text[]) ORDER BY aggregate_id FOR UPDATE),
 blocked AS (
   SELECT aggregate_id, min(aggregate_version) AS version FROM parked_event
   WHERE publisher = $1 AND aggregate_id = ANY($4::text[]) AND resolved_at IS NULL
   GROUP BY aggregate_id)
 SELECT 'claimed' AS kind, event_id::text AS name, 0::bigint AS version FROM claimed
 UNION ALL SELECT 'held', aggregate_id, version FROM held
 UNION ALL SELECT 'blocked', aggregate_id, version FROM blocked"""


@dataclass(slots=True)
class Claim:
    """What this transaction may handle, and how far each aggregate has come."""

    fresh: set[UUID] = field(default_factory=set)
    positions: dict[str, int] = field(default_factory=dict)
    blocked: dict[str, int] = field(default_factory=dict)
    """The lowest parked version of an aggregate."""


async def claim(
    session: Session, publisher: str, generation: str, deliveries: Sequence[Delivery]
) -> Claim:
    """Record the events as received and lock the positions of their aggregates.

    An event that is not in `fresh` afterwards was received before, or is being handled elsewhere
    at this moment and will have been when this returns.
    """
    arguments = (
        publisher,
        generation,
        [d.event_id for d in deliveries],
        [d.aggregate_id for d in deliveries],
        [d.version for d in deliveries],
        [d.type for d in deliveries],
        [d.sequence for d in deliveries],
    )
    # Through SQLAlchemy and not the driver: this is what opens the transaction.
    rows = await (await session.connection()).exec_driver_sql(_CLAIM, arguments)
    found = Claim()
    for row in rows.mappings():
        kind, name, version = row["kind"], row["name"], row["version"]
        if kind == "claimed":
            found.fresh.add(UUID(name))
        elif kind == "held":
            found.positions[name] = version
        else:
            found.blocked[name] = version
    return found


_POSITIONS = """INSERT INTO inbox_position (publisher, aggregate_id, version)
 SELECT $1::text, * FROM unnest($2::text[], $3::bigint[]) AS moved (aggregate_id, version)
 ORDER BY aggregate_id
 ON CONFLICT (publisher, aggregate_id) DO UPDATE SET version = excluded.version
 WHERE inbox_position.version < excluded.version"""

_TALLY = """INSERT INTO inbox_tally AS kept (publisher, generation, outcome, events)
 SELECT $1::text, $2::text, * FROM unnest($3::text[], $4::bigint[]) AS more (outcome, events)
 ORDER BY outcome
 ON CONFLICT (publisher, generation, outcome)
 DO UPDATE SET events = kept.events + excluded.events"""

_OUTCOMES = """UPDATE inbox SET outcome = changed.outcome
 FROM unnest($1::uuid[], $2::text[]) AS changed (event_id, outcome)
 WHERE inbox.event_id = changed.event_id"""

_UNCLAIM = "DELETE FROM inbox WHERE event_id = ANY($1::uuid[])"

_PARK = """INSERT INTO parked_event (event_id, publisher, subject, type, aggregate_id,
 aggregate_version, reason, error, attempts, envelope, stream_seq)
 SELECT event_id, $1::text, subject, nullif(type, ''), nullif(aggregate_id, ''),
   nullif(version, 0), reason, error, attempts, envelope, sequence
 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[],
   $9::int[], $10::bytea[], $11::bigint[])
   AS p (event_id, subject, type, aggregate_id, version, reason, error, attempts, envelope,
     sequence)
 ON CONFLICT (event_id) DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that is put aside, and why."""

    delivery: Delivery
    reason: Reason
    error: str
    attempts: int


def settle(
    session: Session,
    publisher: str,
    generation: str,
    moved: Mapping[str, int],
    outcomes: Mapping[UUID, Outcome],
    repeats: Counter[str],
) -> None:
    """Write positions, outcomes and tally with the commit.

    `moved` are the aggregates' new versions; `outcomes` of the claimed events, of which those
    for `LATER` are released; `repeats` are tallied in addition.
    """
    later = [event_id for event_id, outcome in outcomes.items() if outcome is Outcome.LATER]
    changed = {
        event_id: outcome
        for event_id, outcome in outcomes.items()
        if outcome in (Outcome.IGNORED, Outcome.PARKED)
    }
    tally = Counter(str(outcome) for outcome in outcomes.values() if outcome is not Outcome.LATER)
    tally.update(repeats)
    if moved:
        session.defer(Deferred(_POSITIONS, (publisher, list(moved), list(moved.values()))))
    if changed:
        session.defer(Deferred(_OUTCOMES, (list(changed), [str(o) for o in changed.values()])))
    if later:
        session.defer(Deferred(_UNCLAIM, (later,)))
    if tally:
        counts = (publisher, generation, list(tally), list(tally.values()))
        session.defer(Deferred(_TALLY, counts))


def park(session: Session, publisher: str, parked: Sequence[Parked]) -> None:
    """Keep events aside, with everything needed to try them again."""
    if not parked:
        return
    columns = (
        [p.delivery.event_id for p in parked],
        [p.delivery.subject for p in parked],
        [p.delivery.type for p in parked],
        [p.delivery.aggregate_id for p in parked],
        [p.delivery.version for p in parked],
        [str(p.reason) for p in parked],
        [storable(p.error) for p in parked],
        [p.attempts for p in parked],
        [p.delivery.raw for p in parked],
        [p.delivery.sequence for p in parked],
    )
    session.defer(Deferred(_PARK, (publisher, *columns)))


def storable(error: str) -> str:
    """An error's text without what Postgres cannot hold, at most 4,000 characters."""
    return error.replace("\x00", "\\0").encode(errors="replace").decode()[:4000]


_SEEN = """SELECT event_id, outcome, generation, stream_seq FROM inbox
 WHERE event_id = ANY($1::uuid[]) ORDER BY event_id FOR UPDATE"""

_RETAG = """UPDATE inbox SET stream_seq = again.sequence, generation = $3::text
 FROM unnest($1::uuid[], $2::bigint[]) AS again (event_id, sequence)
 WHERE inbox.event_id = again.event_id"""


async def recount(session: Session, generation: str, repeated: Sequence[Delivery]) -> Counter[str]:
    """Account for messages whose event was received before; answers what the tally lacks.

    Delivered again at the same place: nothing to count. Stored in a rebuilt stream: counted there
    with the outcome it had, and if it left that unread before with the place it had as well. Stored
    a second time in the same stream: one more ignored message.
    """
    last = {d.event_id: d.sequence for d in sorted(repeated, key=lambda d: d.sequence)}
    again = {d.event_id for d in repeated if d.again}
    connection = await session.connection()
    rows = await connection.exec_driver_sql(_SEEN, (list(last),))
    missing: Counter[str] = Counter()
    moved: dict[UUID, int] = {}
    for row in rows.mappings():
        event_id = row["event_id"]
        if row["generation"] != generation:
            missing[row["outcome"]] += 1
            missing[str(Outcome.IGNORED)] += event_id in again
        elif last[event_id] > row["stream_seq"]:
            missing[str(Outcome.IGNORED)] += 1
        else:
            continue
        moved[event_id] = last[event_id]
    if moved:
        arguments = (list(moved), list(moved.values()), generation)
        await connection.exec_driver_sql(_RETAG, arguments)
    return missing


_COUNTED = """SELECT coalesce(sum(events), -1)::bigint AS events FROM inbox_tally
 WHERE publisher = $1 AND generation = $2"""

_COUNT_ANEW = """WITH gone AS (DELETE FROM inbox_tally WHERE publisher = $1::text),
 untagged AS (
   UPDATE inbox SET generation = '' WHERE publisher = $1::text AND generation = $2::text)
 SELECT 1"""


async def fit_tally(
    session: Session, publisher: str, generation: str, *, delivered: int, handled: int
) -> bool:
    """Whether the tally fits the stream; if it does not it begins anew at `handled`.

    `delivered` are the messages of this stream that the durable has given out, `handled` those it
    was told of. A store that lost messages, or an older copy of it put back, has been counted
    further than it goes; and a stream that is new here has not been counted at all. What the
    durable gives out again is then counted as if it came for the first time.
    """
    connection = await session.connection()
    rows = await connection.exec_driver_sql(_COUNTED, (publisher, generation))
    if 0 <= rows.scalar_one() <= delivered:
        return True
    await connection.exec_driver_sql(_COUNT_ANEW, (publisher, generation))
    counts = (publisher, generation, [str(Outcome.APPLIED)], [handled])
    await connection.exec_driver_sql(_TALLY, counts)
    return False
