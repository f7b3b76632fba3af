"""Every SQL statement about webhooks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from servicekit.db import Session
from servicekit.deferred import Deferred
from servicekit.ids import new_id
from sqlalchemy import Select, delete, func, or_, select, text, update

from gateway.clients.models import ApiClient
from gateway.webhooks.models import Attempt, Delivery, Webhook, WebhookSecret

REPLAYED_AT_ONCE = 10_000
STEP = 5000

_WANTED = """(cardinality(w.units) = 0 OR w.units && e.units)
 AND (cardinality(w.subjects) = 0 OR e.subject = ANY(w.subjects))
 AND EXISTS (SELECT FROM unnest(w.types) AS pattern
   WHERE e.type LIKE replace(replace(pattern, '_', '\\_'), '*', '%'))"""

_ENQUEUE = f"""INSERT INTO webhook_delivery (id, webhook_id, event_id, type, subject, state,
  attempts, next_attempt_at, created_at, updated_at)
 SELECT gen_random_uuid(), w.id, e.id, e.type, e.subject, 'pending', 0, now(), now(), now()
 FROM webhook w JOIN api_client c USING (client_id), event_log e
 WHERE e.id = $1 AND w.state <> 'disabled' AND NOT c.disabled AND {_WANTED}
 ON CONFLICT (webhook_id, event_id) DO NOTHING"""  # noqa: S608 - constants only

_REPLAY = f"""WITH chosen AS (
  SELECT e.id, e.type, e.subject, e.position, e.logged_at FROM event_log e, webhook w
  WHERE w.id = :webhook AND e.logged_at >= :since AND {_WANTED}
  ORDER BY e.position LIMIT :step
 ), made AS (
  INSERT INTO webhook_delivery AS d (id, webhook_id, event_id, type, subject, state, attempts,
    next_attempt_at, created_at, updated_at)
  SELECT gen_random_uuid(), :webhook, id, type, subject, 'pending', 0, now(), now(), now()
  FROM chosen ORDER BY position
  ON CONFLICT (webhook_id, event_id) DO UPDATE SET state = 'pending', attempts = 0,
    next_attempt_at = now(), updated_at = now(), delivered_at = NULL
  RETURNING 1
 ) SELECT (SELECT count(*) FROM made) AS deliveries, max(logged_at) AS until FROM chosen
"""  # noqa: S608 - constants only

# In order within an aggregate, at most four at once to one address, and nobody waits for a row
# that another sender holds.
_CLAIM = """UPDATE webhook_delivery SET leased_until = now() + cast(:lease AS interval)
 WHERE id IN (
  SELECT d.id FROM webhook_delivery d
  JOIN webhook w ON w.id = d.webhook_id JOIN api_client c USING (client_id)
  WHERE d.state = 'pending' AND d.next_attempt_at <= now()
   AND (d.leased_until IS NULL OR d.leased_until < now())
   AND w.state = 'active' AND NOT c.disabled
   AND NOT EXISTS (SELECT FROM webhook_delivery earlier
     WHERE earlier.webhook_id = d.webhook_id AND earlier.subject = d.subject
      AND earlier.state = 'pending' AND earlier.attempts < :in_order
      AND earlier.ordinal < d.ordinal)
   AND (SELECT count(*) FROM webhook_delivery busy WHERE busy.webhook_id = d.webhook_id
     AND busy.state = 'pending' AND busy.leased_until > now()) < :at_once
  ORDER BY d.next_attempt_at, d.ordinal LIMIT :room FOR UPDATE OF d SKIP LOCKED)
 RETURNING id"""

_TASK = """SELECT d.id, d.webhook_id, d.event_id, d.type, d.body, d.attempts, w.url, w.client_id,
  w.failing_since, c.roles, c.unit, c.scopes,
  e.position, e.publisher, e.subject AS aggregate_id, e.aggregate_version, e.time,
  e.correlation_id, e.causation_id, e.traceparent, e.data::text AS data, e.permission, e.units,
  ARRAY(SELECT sealed FROM webhook_secret s WHERE s.webhook_id = w.id
    AND (s.expires_at IS NULL OR s.expires_at > now()) ORDER BY s.created_at DESC) AS sealed
 FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
 JOIN api_client c USING (client_id) LEFT JOIN event_log e ON e.id = d.event_id
 WHERE d.id = $1"""

_PRUNE = """DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery
 WHERE created_at < now() - cast(:keep AS interval) LIMIT :step)"""


class Outcome(NamedTuple):
    """How one sending ended; `error` none means delivered."""

    at: datetime
    duration_ms: int
    status_code: int | None
    error: str | None


async def enqueue(session: Session, event_id: UUID) -> None:
    """A delivery of a logged event for every webhook that asked for it."""
    await session.write([Deferred(_ENQUEUE, (event_id,))])


async def replay_since(
    session: Session, webhook: UUID, since: datetime
) -> tuple[int, datetime | None]:
    """Make the events since then pending again; how many, and up to when."""
    values = {"webhook": webhook, "since": since, "step": REPLAYED_AT_ONCE}
    row = (await session.execute(text(_REPLAY), values)).one()
    return row.deliveries, row.until


async def claim(
    session: Session, *, room: int, at_once: int, in_order: int, lease: timedelta
) -> list[UUID]:
    """Take due deliveries for as long as the lease; whoever does not come back loses them."""
    values = {"room": room, "at_once": at_once, "in_order": in_order, "lease": lease}
    return list(await session.scalars(text(_CLAIM), values))


async def is_registered(session: Session, client_id: str) -> bool:
    found = await session.scalar(select(ApiClient.client_id).filter_by(client_id=client_id))
    return found is not None


async def clients(session: Session) -> Sequence[ApiClient]:
    return (await session.scalars(select(ApiClient))).all()


async def find(session: Session, webhook_id: UUID, *, lock: bool = False) -> Webhook | None:
    query = select(Webhook).filter_by(id=webhook_id)
    return await session.scalar(query.with_for_update() if lock else query)


def listing(clients: Sequence[str] | None) -> Select[Any]:
    """The webhooks of these clients, or of all."""
    query = select(Webhook)
    return query if clients is None else query.where(Webhook.client_id.in_(clients))


async def expire_secrets(session: Session, webhook_id: UUID, overlap: timedelta) -> None:
    """The newest secret lives on for so long; what had an end already is dead at once."""
    of_this = WebhookSecret.webhook_id == webhook_id
    await session.execute(
        delete(WebhookSecret).where(of_this, WebhookSecret.expires_at.is_not(None))
    )
    await session.execute(
        update(WebhookSecret).where(of_this).values(expires_at=func.now() + overlap)
    )


def deliveries(webhook_id: UUID) -> Select[Any]:
    """Those that were tried, or are about to be: one that waits for its first attempt may still
    turn out to be none of this client's business."""
    return select(Delivery).where(
        Delivery.webhook_id == webhook_id,
        or_(
            Delivery.state != "pending",
            Delivery.body.is_not(None),
            select(Attempt.id).where(Attempt.delivery_id == Delivery.id).exists(),
        ),
    )


async def find_delivery(session: Session, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
    query = deliveries(webhook_id).where(Delivery.id == delivery_id)
    return await session.scalar(query.with_for_update(of=Delivery))


async def is_kept(session: Session, event_id: UUID) -> bool:
    return bool(await session.fetch("SELECT 1 FROM event_log WHERE id = $1", event_id))


async def attempts_of(
    session: Session, found: Sequence[UUID], most: int = 20
) -> dict[UUID, list[Attempt]]:
    """The newest attempts of each delivery."""
    rank = func.row_number().over(partition_by=Attempt.delivery_id, order_by=Attempt.at.desc())
    ranked = select(Attempt.id, rank.label("rank")).where(Attempt.delivery_id.in_(found)).subquery()
    query = (
        select(Attempt)
        .join(ranked, ranked.c.id == Attempt.id)
        .where(ranked.c.rank <= most)
        .order_by(Attempt.at.desc())
    )
    grouped: dict[UUID, list[Attempt]] = {one: [] for one in found}
    for attempt in await session.scalars(query):
        grouped[attempt.delivery_id].append(attempt)
    return grouped


async def task(session: Session, delivery_id: UUID) -> dict[str, Any] | None:
    """Everything a sending needs: delivery, webhook, client, secrets and event."""
    row = await session.fetch_row(_TASK, delivery_id)
    return dict(row) if row is not None else None


async def note(session: Session, delivery_id: UUID, outcome: Outcome) -> None:
    session.add(Attempt(id=new_id(), delivery_id=delivery_id, **outcome._asdict()))
    await session.flush()


async def settle(session: Session, delivery_id: UUID, **values: Any) -> None:
    """Change a delivery and give its lease back."""
    values = {"leased_until": None, "updated_at": func.now(), **values}
    await session.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))


async def drop(session: Session, delivery_id: UUID) -> None:
    await session.execute(delete(Delivery).where(Delivery.id == delivery_id))


async def prune(session: Session, keep: timedelta) -> None:
    """Let old deliveries go with the events they are of."""
    await session.execute(text(_PRUNE), {"keep": keep, "step": STEP})
