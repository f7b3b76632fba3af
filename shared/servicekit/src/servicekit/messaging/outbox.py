"""The outbox: events are stored in the transaction of their effect, with contiguous versions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from servicekit import context
from servicekit.clock import now
from servicekit.deferred import Deferred
from servicekit.ids import new_id

MAX_DATA_BYTES = 512 * 1024
"""Half of what the NATS server accepts as one message; the rest is for the envelope."""


class OutgoingEvent(Protocol):
    """What `contracts.base.Event` is, seen from here."""

    type: ClassVar[str]

    @property
    def subject(self) -> str: ...

    def model_dump_json(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that waits for the commit of its transaction."""

    id: UUID
    aggregate_id: str
    type: str
    data: str
    time: datetime
    correlation_id: str
    causation_id: str | None
    traceparent: str | None


class Collector(Protocol):
    """A session, as far as the outbox is concerned."""

    events: list[Pending]


def add(session: Collector, event: OutgoingEvent) -> None:
    """Store the event with this transaction: both happen or neither does.

    Raises:
        ValueError: the data is larger than `MAX_DATA_BYTES`; such an event could never leave.
    """
    here = context.current()
    data = event.model_dump_json()
    if len(data.encode()) > MAX_DATA_BYTES:
        raise ValueError(f"{event.type} {event.subject}: an event may have 512 KiB")
    session.events.append(
        Pending(
            id=new_id(),
            aggregate_id=event.subject,
            type=event.type,
            data=data,
            time=now(),
            correlation_id=here.correlation_id,
            causation_id=here.causation_id,
            traceparent=here.traceparent,
        )
    )


# Ordered by id, so that two transactions that touch the same aggregates lock them in one order; and
# after all rows the same statement changes, as where these are locked by statements before it.
_BUMP = """INSERT INTO aggregate_version AS kept (aggregate_id, version)
 SELECT wanted.id, wanted.count
   FROM unnest($1::text[], $2::bigint[]) AS wanted (id, count){after} ORDER BY wanted.id
 ON CONFLICT (aggregate_id) DO UPDATE SET version = kept.version + excluded.version
 RETURNING aggregate_id, version"""
_COUNT = "(SELECT count(*) FROM {})"

# The number is drawn under the row lock of the bump: within an aggregate `seq` follows `version`.
_STORE = """INSERT INTO outbox (id, aggregate_id, aggregate_version, type, data, time,
 correlation_id, causation_id, traceparent)
 SELECT e.id, e.aggregate_id, bumped.version - e.later, e.type, e.data::json, e.time,
   e.correlation_id, e.causation_id, e.traceparent
 FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[],
   $7::text[], $8::text[], $9::text[]) WITH ORDINALITY
   AS e (id, aggregate_id, later, type, data, time, correlation_id, causation_id, traceparent, n)
 JOIN event_bump AS bumped ON bumped.aggregate_id = e.aggregate_id
 ORDER BY e.n"""


def statement(events: Sequence[Pending], before: Sequence[Deferred]) -> list[Deferred]:
    """The two pieces that number and store the events, in a WITH list behind the pieces `before`.

    Of a list Postgres runs first what another piece reads from, and of the rest the last first.
    """
    counts = Counter(event.aggregate_id for event in events)
    columns = (
        [event.id for event in events],
        [event.aggregate_id for event in events],
        _events_after(event.aggregate_id for event in events),
        [event.type for event in events],
        [event.data for event in events],
        [event.time for event in events],
        [event.correlation_id for event in events],
        [event.causation_id for event in events],
        [event.traceparent for event in events],
    )
    changed = [_COUNT.format(each.name) for each in before if each.returns]
    bump = _BUMP.format(after=f" WHERE least({', '.join(changed)}) >= 0" if changed else "")
    return [
        Deferred(bump, (list(counts), list(counts.values())), name="event_bump"),
        Deferred(_STORE, columns, name="event_store"),
    ]


def _events_after(aggregates: Iterable[str]) -> list[int]:
    """For each event, how many of the same aggregate follow it in this transaction."""
    seen: Counter[str] = Counter()
    later: list[int] = []
    for aggregate in reversed(list(aggregates)):
        later.append(seen[aggregate])
        seen[aggregate] += 1
    return later[::-1]
