"""What a seal says of a row: a digest of its content, chained to everything sealed before it.

Whatever is hashed comes from the database as text that does not depend on any setting of a session,
so that a row has the same digest wherever, whenever and by whomever it is read.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import orjson

COLUMNS = """e.id::text AS id,
 coalesce(to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US BC'),
  e.occurred_at::text) AS occurred_at,
 e.actor, e.client_id, e.unit, e.roles::text AS roles, e.action, e.object_type, e.object_id,
 e.outcome, e.before_digest, e.after_digest, e.detail::text AS detail, e.request_id,
 e.correlation_id"""
"""Everything that an audit row `e` holds, in the order in which it is hashed. A column that comes
later belongs into a new form of the digest: sealed rows keep theirs."""

NAMES = (
    "id",
    "occurred_at",
    "actor",
    "client_id",
    "unit",
    "roles",
    "action",
    "object_type",
    "object_id",
    "outcome",
    "before_digest",
    "after_digest",
    "detail",
    "request_id",
    "correlation_id",
)
FORM = "kechuang audit row 1"

LATE = timedelta(minutes=15)
"""How long after it was noted a row may be committed, the difference of two hosts' clocks included.
What is sealed later than that is sealed all the same, and told when the trail is verified."""

LATE_MS = int(LATE.total_seconds() * 1000)
LOWEST, HIGHEST = UUID(int=0), UUID(int=2**128 - 1)


def digest(row: asyncpg.Record) -> bytes:
    """SHA-256 of a row that was read by `COLUMNS`: 32 bytes."""
    return hashlib.sha256(orjson.dumps([FORM, *(row[name] for name in NAMES)])).digest()


def genesis(service: str) -> bytes:
    """What the first row of a service's trail is chained to."""
    return hashlib.sha256(f"kechuang audit trail of {service}".encode()).digest()


def chained(before: bytes, content: bytes) -> bytes:
    """The chain after one more row: SHA-256 of the chain before it and the row's digest."""
    return hashlib.sha256(before + content).digest()


def noted_ms(entry_id: str | None) -> int:
    """When a row's id was made, in milliseconds since 1970: UUIDv7 begins with it. -1 for none."""
    return int(entry_id[:8] + entry_id[9:13], 16) if entry_id else -1


def occurred_ms(text: str | None) -> int:
    """When a row says that it happened, likewise; -1 for what is no moment of our era."""
    if text is None or not text.endswith("AD"):
        return -1
    try:
        return int(datetime.fromisoformat(f"{text[:26]}+00:00").timestamp() * 1000)
    except ValueError:
        return -1


def id_at(milliseconds: int) -> UUID:
    """The lowest id that can have been made at that moment or later."""
    return UUID(int=max(0, min(milliseconds, 2**48 - 1)) << 80)


def moment(milliseconds: int) -> str:
    """A moment as checkpoints tell it: ISO 8601, UTC, milliseconds."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
