"""The floor: bare Starlette, asyncpg and orjson doing the same query and the same rows by hand.

No token, no permission, no validation, no paging, no error texts: what is left when everything a
service adds is taken away. `uvicorn tests.bench.floor:app`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import orjson
from servicekit.ids import new_id
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

LIST = """SELECT id, uscc, name, aliases, unit_code, park_code, declared_class, enterprise_class,
 above_scale, active, version, created_at, updated_at FROM enterprise ORDER BY name, id LIMIT $1"""
NAMED = """SELECT wanted.key, e.uscc FROM unnest($1::text[]) AS wanted (key)
 JOIN enterprise e ON e.name_keys @> ARRAY[wanted.key] AND e.active"""
CREATE = """WITH row AS (INSERT INTO enterprise (id, uscc, name, aliases, name_keys, declared_class,
   enterprise_class, above_scale, active, version, created_at, updated_at)
   VALUES ($1, $2, $3, '{}', ARRAY[$3], 'ordinary', 'ordinary', false, true, 1, $4, $4)),
 standing AS (INSERT INTO enterprise_standing (id, enterprise_id, declared_class, above_scale,
   version, created_at, updated_at) VALUES ($11, $1, 'ordinary', false, 1, $4, $4)),
 audited AS (INSERT INTO audit_entry (id, occurred_at, actor, client_id, roles, action, object_type,
   object_id, outcome, request_id, correlation_id)
   VALUES ($5, $4, 'a', 'a', '{}', 'create', 'enterprise', $6, 'ok', $7, $7)),
 announced AS (INSERT INTO outbox (id, aggregate_id, aggregate_version, type, data, time)
   VALUES ($8, $6, 1, 'changed', $9::json, $4))
 INSERT INTO idempotency_key (principal, key, operation, fingerprint, status, headers, body)
 VALUES ('a', $7, 'POST', 'x', 201, '{}', $10)"""


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    url = os.environ["KECHUANG_DATABASE_URL"]
    async with asyncpg.create_pool(url, min_size=8, max_size=8) as pool:
        app.state.pool = pool
        yield


async def list_rows(request: Request) -> Response:
    rows = await request.app.state.pool.fetch(LIST, 21)
    items = [dict(row) for row in rows[:20]]
    return Response(orjson.dumps({"items": items}, default=str), media_type="application/json")


async def create_rows(request: Request) -> Response:
    body = orjson.loads(await request.body())
    made, moment = new_id(), datetime.now(UTC)
    answer = orjson.dumps({"id": made, **body})
    key = request.headers["idempotency-key"]
    values = (made, body["uscc"], body["name"], moment, new_id(), str(made), key, new_id())
    pool = request.app.state.pool
    if await pool.fetch(NAMED, [body["name"]]):
        return Response(status_code=409)
    await pool.execute(CREATE, *values, answer.decode(), answer, new_id())
    return Response(answer, status_code=201, media_type="application/json")


app = Starlette(
    routes=[Route("/list", list_rows), Route("/create", create_rows, methods=["POST"])],
    lifespan=lifespan,
)
