"""The audit trail: who did what to which object, stored in the business transaction.

Rows hold digests, not contents: enough to prove what was there, too little to leak it.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from servicekit import context
from servicekit.clock import now
from servicekit.db import Session
from servicekit.deferred import Deferred
from servicekit.ids import new_id_text

_INSERT = """INSERT INTO audit_entry (id, object_id, before_digest, after_digest, detail,
 occurred_at, actor, client_id, unit, roles, action, object_type, outcome, request_id,
 correlation_id)
 VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"""
_INSERT_CREATED = """INSERT INTO audit_entry (id, object_id, after_digest,
 occurred_at, actor, client_id, unit, roles, action, object_type, outcome, request_id,
 correlation_id)
 SELECT made.id, made.object_id, made.digest, $4::timestamptz, $5::text, $6::text, $7::text,
 $8::text[], $9::text, $10::text, $11::text, $12::text, $13::text
 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS made (id, object_id, digest)"""
_INSERT_DIGESTS = """INSERT INTO audit_entry (id, object_id, after_digest,
 occurred_at, actor, client_id, unit, roles, action, object_type, outcome, request_id,
 correlation_id)
 SELECT made.id::uuid, made.object_id, made.digest, $4::timestamptz, $5::text, $6::text, $7::text,
 $8::text[], $9::text, $10::text, $11::text, $12::text, $13::text
 FROM unnest(string_to_array($1::text, ' '), string_to_array($2::text, ' '),
 string_to_array($3::text, ' ')) AS made (id, object_id, digest)"""
_INSERT_CHANGED = """INSERT INTO audit_entry (id, object_id, before_digest, after_digest,
 occurred_at, actor, client_id, unit, roles, action, object_type, outcome, request_id,
 correlation_id)
 SELECT made.*, $5::timestamptz, $6::text, $7::text, $8::text, $9::text[], $10::text, $11::text,
 $12::text, $13::text, $14::text
 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS made"""


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
    told = orjson.dumps(detail, default=str).decode() if detail else None
    one = (new_id_text(), str(object_id), digest(before), digest(after), told)
    session.defer(Deferred(_INSERT, (*one, *_shared(action, object_type, outcome))))


def record_created(
    session: Session, action: str, object_type: str, rows: Mapping[object, Any]
) -> None:
    """`record` for many new objects, by their ids, in one statement."""
    if rows:
        created = (
            [new_id_text() for _ in rows],
            [str(object_id) for object_id in rows],
            [digest(after) for after in rows.values()],
        )
        session.defer(Deferred(_INSERT_CREATED, (*created, *_shared(action, object_type, "ok"))))


def record_digests(
    session: Session, action: str, object_type: str, ids: Sequence[str], digests: Sequence[str]
) -> None:
    """`record_created` by the texts of UUIDs, where the digests are at hand: a text of all of them
    is a tenth of the work that an array is to the driver."""
    created = (" ".join([new_id_text() for _ in ids]), " ".join(ids), " ".join(digests))
    session.defer(Deferred(_INSERT_DIGESTS, (*created, *_shared(action, object_type, "ok"))))


def record_changed(
    session: Session, action: str, object_type: str, rows: Mapping[object, tuple[Any, Any]]
) -> None:
    """`record` for one step of many objects, by their ids: before and after it, in one
    statement."""
    if rows:
        changed = (
            [new_id_text() for _ in rows],
            [str(object_id) for object_id in rows],
            [digest(before) for before, _ in rows.values()],
            [digest(after) for _, after in rows.values()],
        )
        session.defer(Deferred(_INSERT_CHANGED, (*changed, *_shared(action, object_type, "ok"))))


def _shared(action: str, object_type: str, outcome: str) -> tuple[Any, ...]:
    """What the entries of one action of one caller have in common."""
    here = context.current()
    who = here.principal
    caller = (who.subject, who.client_id, who.unit, sorted(who.roles))
    place = (here.request_id, here.correlation_id)
    return (now(), *caller, action, object_type, outcome, *place)


def digest(value: Any) -> str | None:
    """SHA-256 of the value as canonical JSON, in hex; none for none."""
    if value is None:
        return None
    canonical = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()


def digests_of(
    fixed: Mapping[str, Any], columns: Mapping[str, Sequence[str]], bare: Collection[str] = ()
) -> list[str]:
    """`digest` of many rows that have the values of `fixed` in common and differ in `columns`, by
    their texts, which hold nothing that JSON escapes; those named by `bare` are numbers in JSON."""
    parts: list[str] = []
    for name in sorted({*fixed, *columns}):
        if name in fixed:
            one = orjson.dumps({name: fixed[name]}, default=str, option=orjson.OPT_SORT_KEYS)
            parts.append(one.decode()[1:-1].replace("%", "%%"))
        else:
            parts.append(f'"{name}":%s' if name in bare else f'"{name}":"%s"')
    canonical = "{" + ",".join(parts) + "}"
    rows = zip(*(columns[name] for name in sorted(columns)), strict=True)
    return [hashlib.sha256((canonical % row).encode()).hexdigest() for row in rows]
