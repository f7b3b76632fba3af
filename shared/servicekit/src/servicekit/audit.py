"""The audit trail: who did what to which object, stored in the business transaction.

Rows hold digests, not contents: enough to prove what was there, too little to leak it.
"""

import hashlib
from typing import Any

import orjson

from servicekit import context
from servicekit.clock import now
from servicekit.db import Session
from servicekit.deferred import Deferred
from servicekit.ids import new_id

_INSERT = """INSERT INTO audit_entry (id, occurred_at, actor, client_id, unit, roles, action,
 object_type, object_id, outcome, before_digest, after_digest, detail, request_id, correlation_id)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14, $15)"""


def record(
    session: Session,
    action: str,
    object_type: str,
    object_id: object,
    *,
    before: Any = None,
    after: Any = None,
    outcome: str = "ok",
    **detail: Any,
) -> None:
    """Note one action; it is written with the effect, or not at all.

    `action` is the permission's name or the transition's; `before` and `after` are anything JSON
    can hold and are kept as SHA-256; `detail` is kept as it is, so put no personal data in it.
    """
    here = context.current()
    who = here.principal
    session.defer(
        Deferred(
            _INSERT,
            (
                new_id(),
                now(),
                who.subject,
                who.client_id,
                who.unit,
                sorted(who.roles),
                action,
                object_type,
                str(object_id),
                outcome,
                digest(before),
                digest(after),
                orjson.dumps(detail, default=str).decode() if detail else None,
                here.request_id,
                here.correlation_id,
            ),
        )
    )


def digest(value: Any) -> str | None:
    """SHA-256 of the value as canonical JSON, in hex; none for none."""
    if value is None:
        return None
    canonical = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()
