"""Letting old rows go, a few thousand at a time so that nobody waits for it."""

from datetime import timedelta

from sqlalchemy import text

from servicekit.db import Session

KEEP_OUTBOX = timedelta(days=45)
"""The stream can be rebuilt this far back; at least 30 days."""

KEEP_INBOX = timedelta(days=60)
"""Longer than the outbox: what a rebuilt stream may bring again is still recognised. Beyond it
the aggregate's position, which is kept for ever, tells old from new."""

KEEP_KEYS = timedelta(days=7)
"""How long a repeated request is recognised; callers are promised one day."""

STEP = 5000

_OUTBOX = """DELETE FROM outbox WHERE seq IN (
   SELECT seq FROM (SELECT seq, published_at FROM outbox ORDER BY seq LIMIT :step) AS oldest
   WHERE published_at < now() - cast(:keep AS interval))"""

_INBOX = """DELETE FROM inbox WHERE event_id IN (
   SELECT event_id FROM (SELECT event_id, received_at, outcome FROM inbox
     ORDER BY event_id LIMIT :step) AS oldest
   WHERE received_at < now() - cast(:keep AS interval) AND outcome <> 'parked')"""


_KEYS = """DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
   SELECT ctid FROM idempotency_key
   WHERE created_at < now() - cast(:keep AS interval) LIMIT :step))"""


async def prune(session: Session) -> None:
    """One step for each table; run as a schedule it keeps pace with 120,000 events an hour."""
    await session.execute(text(_OUTBOX), {"step": STEP, "keep": KEEP_OUTBOX})
    await session.execute(text(_INBOX), {"step": STEP, "keep": KEEP_INBOX})
    await session.execute(text(_KEYS), {"step": STEP, "keep": KEEP_KEYS})
