"""The floor of a payment: bare Starlette and asyncpg doing the service's statements by hand, each
request in one transaction. `uvicorn tests.bench.bare_payment:app`.

No token, no permission, no validation, no error texts, no choice.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from servicekit.ids import new_id
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

RESERVE = """UPDATE award SET requested = requested + $2, version = version + 1,
 updated_at = clock_timestamp() WHERE id = $1 AND state = 'granted'
 AND requested + $2 + paid <= amount RETURNING *"""
HOLDS = """SELECT * FROM payment_hold WHERE payee_unit = $1 AND released_at IS NULL
 ORDER BY created_at, item_id"""
ASK = """INSERT INTO disbursement (id, award_id, budget_id, fund_code, fiscal_year, payee_unit,
 amount, refunded, state, made_by, attempt, version, created_at, updated_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'requested', 'maker', 1, 1, $8, $8)"""
LOCK = "SELECT * FROM disbursement WHERE id = $1 FOR NO KEY UPDATE"
STEPS = {
    "check": """UPDATE disbursement SET state = 'checked', checked_by = 'checker', checked_at = $2,
 version = version + 1, updated_at = $2 WHERE id = $1""",
    "pay": """UPDATE disbursement SET state = 'paying', paid_by = 'payer', sent_at = $2,
 version = version + 1, updated_at = $2 WHERE id = $1""",
}
SETTLE = """UPDATE disbursement SET state = 'succeeded', settled_by = 'payer', settled_at = $2,
 paid_on = $3, version = version + 1, updated_at = $2 WHERE id = $1"""
ARRIVED = """UPDATE award SET requested = requested - $2, paid = paid + $2, version = version + 1,
 updated_at = clock_timestamp() WHERE id = $1 AND requested >= $2 RETURNING *"""
DISBURSE = """UPDATE budget SET disbursed = disbursed + $2, version = version + 1,
 updated_at = clock_timestamp() WHERE id = $1 AND disbursed + $2 <= committed RETURNING *"""
COUNT = """INSERT INTO journal_counter AS kept VALUES ($1, 1, clock_timestamp())
 ON CONFLICT (fiscal_year) DO UPDATE SET last_number = kept.last_number + 1,
 posted_at = greatest(kept.posted_at, clock_timestamp()) RETURNING last_number, posted_at"""
POST = """WITH entry AS (
 INSERT INTO journal_entry (id, fiscal_year, number, kind, budget_id, source_type, source_id,
  posted_by, occurred_on, posted_at)
 VALUES ($1, $2, $3, 'disbursement', $4, 'disbursement', $5, 'payer', $6, $7)
), month AS (
 INSERT INTO execution_month AS kept
 VALUES ($8, $2, extract(month FROM $6::date), 0, 0, 0, $9, 0, 0, 0, $7)
 ON CONFLICT (fund_code, fiscal_year, month) DO UPDATE
 SET disbursed = kept.disbursed + excluded.disbursed, updated_at = excluded.updated_at
), moved AS (
 UPDATE account SET updated_at = $7,
  debit_total = debit_total + CASE stage WHEN 'disbursed' THEN $9 ELSE 0 END,
  credit_total = credit_total + CASE stage WHEN 'disbursed' THEN 0 ELSE $9 END
 WHERE budget_id = $4 AND stage IN ('committed', 'disbursed')
 RETURNING id, stage, debit_total, credit_total
)
INSERT INTO journal_line (entry_id, line_no, account_id, number, debit, credit, debit_total,
 credit_total) SELECT $1, CASE stage WHEN 'disbursed' THEN 1 ELSE 2 END, id, $3,
 CASE stage WHEN 'disbursed' THEN $9 ELSE 0 END, CASE stage WHEN 'disbursed' THEN 0 ELSE $9 END,
 debit_total, credit_total FROM moved"""
AUDIT = """WITH audited AS (INSERT INTO audit_entry (id, occurred_at, actor, client_id, roles,
   action, object_type, object_id, outcome, before_digest, after_digest, request_id, correlation_id)
   VALUES ($1, $2, 'a', 'a', '{}', 'step', 'disbursement', $3, 'ok', $4, $4, $4, $4))
 INSERT INTO idempotency_key (principal, key, operation, fingerprint, status, headers, body)
 VALUES ('a', $4, 'POST', 'x', 200, '{}', $5)"""
TELL = """INSERT INTO outbox (id, aggregate_id, aggregate_version, type, data, time)
 VALUES ($1, $2, 1, 'succeeded', $3::json, $4)"""


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    url = os.environ["KECHUANG_DATABASE_URL"]
    async with asyncpg.create_pool(url, min_size=8, max_size=8) as pool:
        app.state.pool = pool
        yield


async def finish(to: asyncpg.Connection, row: dict[str, Any], at: datetime) -> Response:
    """The audit, the answer to be repeated, and the answer."""
    answer = orjson.dumps(row, default=str)
    digest = "0" * 32 + new_id().hex
    await to.execute(AUDIT, new_id(), at, str(row["id"]), digest, answer)
    return Response(answer, media_type="application/json")


async def ask(request: Request) -> Response:
    body, at, made = orjson.loads(await request.body()), datetime.now(UTC), new_id()
    async with request.app.state.pool.acquire() as to, to.transaction():
        known = await to.fetchrow("SELECT * FROM award WHERE id = $1", UUID(body["award_id"]))
        await to.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", known["payee_unit"]
        )
        amount = Decimal(body["amount"])
        award = await to.fetchrow(RESERVE, known["id"], amount)
        await to.fetch(HOLDS, award["payee_unit"])
        where = (award["budget_id"], award["fund_code"], award["fiscal_year"], award["payee_unit"])
        await to.execute(ASK, made, award["id"], *where, amount, at)
        return await finish(to, {"id": made, **body}, at)


async def step(request: Request) -> Response:
    body, at = orjson.loads(await request.body()), datetime.now(UTC)
    async with request.app.state.pool.acquire() as to, to.transaction():
        row = await to.fetchrow(LOCK, UUID(body["id"]))
        await to.fetch(HOLDS, row["payee_unit"])
        await to.execute(STEPS[request.url.path[1:]], row["id"], at)
        return await finish(to, dict(row), at)


async def settle(request: Request) -> Response:
    body, at, entry = orjson.loads(await request.body()), datetime.now(UTC), new_id()
    day = date.fromisoformat(body["paid_on"])
    async with request.app.state.pool.acquire() as to, to.transaction():
        row = await to.fetchrow(LOCK, UUID(body["id"]))
        amount, budget, year = row["amount"], row["budget_id"], row["fiscal_year"]
        await to.execute(SETTLE, row["id"], at, day)
        await to.fetchrow(ARRIVED, row["award_id"], amount)
        await to.fetchrow(DISBURSE, budget, amount)
        number, posted = await to.fetchrow(COUNT, year)
        fund = row["fund_code"]
        await to.execute(POST, entry, year, number, budget, row["id"], day, posted, fund, amount)
        told = orjson.dumps({"id": row["id"]}, default=str).decode()
        await to.execute(TELL, new_id(), str(row["id"]), told, at)
        return await finish(to, dict(row), at)


app = Starlette(
    routes=[
        Route("/ask", ask, methods=["POST"]),
        Route("/check", step, methods=["POST"]),
        Route("/pay", step, methods=["POST"]),
        Route("/result", settle, methods=["POST"]),
    ],
    lifespan=lifespan,
)
