"""`Idempotency-Key`: the same request has one effect and one answer.

The record is written in the effect's own transaction, as its last statement, with the answer.
So nothing is claimed beforehand: a repeat runs into the primary key (waiting for the first one if
that is still in flight) and is rolled back, and its answer is read from the record. A repeat that
fails for another reason, because the first has changed the state, finds the record as well.
"""

import hashlib
import os
import re
from typing import TypeVar

import orjson
from fastapi import Request, Response
from pydantic import BaseModel

from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Database, Session
from servicekit.deferred import Deferred
from servicekit.problems import IdempotencyKeyRequired, IdempotencyKeyReused

Answer = TypeVar("Answer", bound=BaseModel)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_HEADERS = ("location", "etag", "content-type")

_INSERT = """INSERT INTO idempotency_key (principal, key, operation, fingerprint, status, headers,
 body, created_at) VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)"""
_SELECT = """SELECT fingerprint, status, headers, body FROM idempotency_key
 WHERE principal = $1 AND key = $2"""


def read_key(request: Request) -> str:
    """The request's key.

    Raises:
        IdempotencyKeyRequired: none, or not 1 to 255 visible ASCII characters.
    """
    key = request.headers.get("idempotency-key", "")
    if not KEY.fullmatch(key):
        raise IdempotencyKeyRequired
    return key


async def fingerprint(request: Request) -> str:
    """A digest of everything that makes the request what it is."""
    head = f"{request.method}\n{request.scope['path']}\n".encode()
    digest = hashlib.sha256(head + request.scope["query_string"] + b"\n")
    # Of an upload, which is read once, its own digest; one that broke off is like no other.
    known: str | None = getattr(request.state, "body_digest", None)
    digest.update(known.encode() or os.urandom(32) if known is not None else await request.body())
    return digest.hexdigest()


def show_once(request: Request, *fields: str) -> None:
    """Keep these fields of the answer out of the record: a secret is shown to whoever made it and
    stored nowhere. A repeat is answered without them."""
    request.state.shown_once = fields


def with_secret(request: Request, answer: type[Answer], row: BaseModel, **secret: str) -> Answer:
    """The row as an answer that shows a secret, this once."""
    show_once(request, *secret)
    return answer(**row.model_dump(), **secret)


def kept_body(request: Request, answer: Response) -> bytes:
    """The body as it is recorded."""
    secret: tuple[str, ...] = getattr(request.state, "shown_once", ())
    body = bytes(answer.body)
    if not secret or answer.status_code >= 300:
        return body
    return orjson.dumps({k: v for k, v in orjson.loads(body).items() if k not in secret})


async def remember(
    session: Session, request: Request, principal: Principal, answer: Response
) -> None:
    """Store the answer with the effect."""
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    session.defer(
        Deferred(
            _INSERT,
            (
                principal.client_id + "/" + principal.subject,
                read_key(request),
                f"{request.method} {request.scope['path']}",
                await fingerprint(request),
                answer.status_code,
                orjson.dumps(headers).decode(),
                kept_body(request, answer),
                now(),
            ),
        )
    )


async def replay(database: Database, request: Request, principal: Principal) -> Response | None:
    """The answer this key was given before, or none.

    Raises:
        IdempotencyKeyReused: the key belongs to a different request.
    """
    async with database.session() as session:
        row = await session.fetch_row(
            _SELECT, principal.client_id + "/" + principal.subject, read_key(request)
        )
    if row is None:
        return None
    if row["fingerprint"] != await fingerprint(request):
        raise IdempotencyKeyReused
    headers = dict(row["headers"])
    headers["Idempotency-Replayed"] = "true"
    return Response(content=row["body"], status_code=row["status"], headers=headers)
