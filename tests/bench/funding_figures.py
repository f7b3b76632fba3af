"""A payment through the service against the same rows written by hand, and a statement over a
million lines.

A payment is asked for, checked, paid and settled: four requests that write the payment, its award,
its budget line, the journal, the audit, the outbox and the answer to be repeated. The bare handlers
do the same statements, each request in one transaction, and nothing else. Both in turn, each on a
database of its own, by as many connections as there are awards. A rate is what a server does in a
second of its core, so that neither the client nor a busy machine counts.
"""

import asyncio
import itertools
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import asyncpg
import httpx
import psutil
from servicekit.embedded.ports import free_ports
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.testing.shared_servers import SharedServers, ask_for_postgres
from servicekit.testing.tokens import Tokens

from tests.bench.load import drive, request
from tests.bench.pinned import CLIENT_CORE, alone_on, core_time, process

AWARDS, ROUNDS, SECONDS = 8, 5, 3.0
LINES = 1_000_000
PAGES = 1.0
LATEST = "2025-03-01"
"""A day behind half of the million lines."""
BEGINNING = """
INSERT INTO unit_node (code, name, kind, parents, active)
 VALUES ('payee', 'p', 'bureau', '{}', true);
INSERT INTO fiscal_year (year, budget_expenditure, three_st_expenses, science_operating_expenses,
 version, created_at, updated_at)
 SELECT year, 0, 0, 0, 1, now(), now() FROM generate_series(2025, 2026) year;
INSERT INTO fund (code, programme, name_zh, name_en, kind, purpose_zh, purpose_en, manager_unit,
 counts_towards_floor, version, created_at, updated_at)
 VALUES ('fund', 'p', 'f', 'f', 'special', 'f', 'f', 'payee', true, 1, now(), now());
INSERT INTO budget (id, fund_code, fiscal_year, line, amount, state, made_by, approved_by,
 document_no, appropriated, committed, disbursed, refunded, recovered, carried_in, carried_over,
 lapsed, version, created_at, updated_at)
 SELECT gen_random_uuid(), 'fund', CASE n WHEN 0 THEN 2025 ELSE 2026 END, 'line-' || n, 1e9,
 'approved', 'a', 'b', 'd', 1e9, 1e9, 0, 0, 0, 0, 0, 0, 1, now(), now()
 FROM generate_series(0, 8) n;
INSERT INTO account (id, budget_id, fund_code, fiscal_year, stage, debit_total, credit_total,
 updated_at)
 SELECT gen_random_uuid(), id, 'fund', fiscal_year, stage, (stage = 'committed')::int * 1e9, 0,
 now()
 FROM budget, unnest(ARRAY['authority', 'approved', 'appropriated', 'committed', 'disbursed',
 'refunded']) stage;
INSERT INTO award (id, budget_id, fund_code, fiscal_year, payee_unit, kind, title, amount,
 requested, paid, refunded, released, state, granted_by, version, created_at, updated_at)
 SELECT gen_random_uuid(), id, 'fund', 2026, 'payee', 'project_grant', 't', 1e9, 0, 0, 0, 0,
 'granted', 'o', 1, now(), now() FROM budget WHERE fiscal_year = 2026;
"""
MILLION = """
INSERT INTO journal_counter VALUES (2025, $1, '2025-06-30');
WITH line AS (SELECT b.id, a.id AS account, o.id AS other FROM budget b
 JOIN account a ON a.budget_id = b.id AND a.stage = 'committed'
 JOIN account o ON o.budget_id = b.id AND o.stage = 'disbursed' WHERE b.line = 'line-0'
), entry AS (
 INSERT INTO journal_entry (id, fiscal_year, number, kind, budget_id, source_type, source_id,
  posted_by, occurred_on, posted_at)
 SELECT gen_random_uuid(), 2025, n, 'disbursement', line.id, 'x', line.id, 'p', '2025-01-01',
  '2025-01-01'::timestamptz + n * interval '10 seconds' FROM generate_series(1, $1) n, line
 RETURNING id, number
)
INSERT INTO journal_line (entry_id, line_no, account_id, number, debit, credit, debit_total,
 credit_total)
SELECT entry.id, side, CASE side WHEN 1 THEN other ELSE account END, number, (side = 1)::int,
 (side = 2)::int, CASE side WHEN 1 THEN number ELSE 1e9 END, CASE side WHEN 1 THEN 0 ELSE number END
FROM entry, line, generate_series(1, 2) side
"""
PAID = {"outcome": "succeeded", "paid_on": "2026-04-10"}
Pay = Callable[[str], Awaitable[None]]
"""One payment of one yuan from this award, from asking to its result."""


@dataclass(frozen=True, slots=True)
class FundingFigures:
    """Payments in a second of one core, their ratio, and that by the clock; milliseconds of a
    statement's page at the median."""

    ratio: float
    ours: float
    bare: float
    by_the_clock: float
    statement: float
    deep: float
    failed: int


async def begin(database: ServiceDatabase) -> list[str]:
    """Lines with an award each; the awards' ids."""
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute(BEGINNING)
    rows = await connection.fetch("SELECT id FROM award")
    await connection.close()
    return [str(row["id"]) for row in rows]


async def add_a_million(database: ServiceDatabase) -> str:
    """The id of an account with so many lines."""
    trusted = {"session_replication_role": "replica"}
    connection = await asyncpg.connect(database.superuser_url, server_settings=trusted)
    await connection.execute(MILLION.replace("$1", str(LINES)))
    await connection.execute("VACUUM ANALYZE")
    account = await connection.fetchval(
        "SELECT a.id FROM account a JOIN budget b ON b.id = a.budget_id"
        " WHERE b.line = 'line-0' AND stage = 'disbursed'"
    )
    await connection.close()
    return str(account)


async def measure() -> FundingFigures:
    with ExitStack() as stack:
        postgres = SharedServers()
        stack.callback(postgres.close)
        databases = Databases(ask_for_postgres(postgres.address))
        one, other = databases.migrated("funding"), databases.migrated("funding")
        tokens, (service, floor) = Tokens(), free_ports(2)
        keys = {"KECHUANG_JWKS": tokens.jwks, "KECHUANG_ISSUER": tokens.issuer}
        keys["KECHUANG_LOG_LEVEL"] = "WARNING"
        ours = {
            "KECHUANG_DATABASE_URL": one.app_url,
            "KECHUANG_PORT": str(service),
            **keys,
        }
        command = [sys.executable, "-m", "funding", "api"]
        bare = [
            sys.executable,
            "-m",
            "uvicorn",
            "tests.bench.bare_payment:app",
            "--port",
            str(floor),
        ]
        bare += ["--no-access-log", "--log-level", "warning"]
        stack.enter_context(alone_on(CLIENT_CORE))
        mine = stack.enter_context(process(command, f"http://127.0.0.1:{service}/readyz", ours))
        theirs = {"KECHUANG_DATABASE_URL": other.app_url}
        hers = stack.enter_context(process(bare, f"http://127.0.0.1:{floor}/", theirs))
        caller, awards, others = Service(service, tokens), await begin(one), await begin(other)
        async with caller.client, by_hand(floor) as by:
            paid = await compare((caller.pay, awards, mine), (by, others, hers))
        account = await add_a_million(one)
        path = f"/api/v1/accounts/{account}/statement?limit=50"
        shown, deep, failed = await pages(service, path, tokens.bearer("auditor"))
    return FundingFigures(*paid, shown, deep, failed)


class Service:
    """The service, as three people call it."""

    def __init__(self, port: int, tokens: Tokens) -> None:
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=30)
        roles = ("finance_maker", "finance_checker", "finance_payer")
        self.bearers = {role: tokens.bearer(role, sub=role) for role in roles}

    async def post(self, role: str, path: str, body: Any = None, version: int = 0) -> Any:
        headers = {**self.bearers[role], "Idempotency-Key": uuid.uuid4().hex}
        if version:
            headers["If-Match"] = f'"{version}"'
        answer = await self.client.post(path, json=body, headers=headers)
        return answer.raise_for_status().json()

    async def pay(self, award: str) -> None:
        body = {"award_id": award, "amount": "1.00"}
        row = await self.post("finance_maker", "/disbursements", body)
        path = f"/disbursements/{row['id']}"
        row = await self.post("finance_checker", f"{path}/check", None, row["version"])
        row = await self.post("finance_payer", f"{path}/pay", None, row["version"])
        await self.post("finance_payer", f"{path}/result", PAID, row["version"])


@asynccontextmanager
async def by_hand(port: int) -> AsyncIterator[Pay]:
    """The bare handlers, called in the same way."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

        async def post(path: str, body: Any) -> Any:
            return (await client.post(path, json=body)).raise_for_status().json()

        async def pay(award: str) -> None:
            row = await post("/ask", {"award_id": award, "amount": "1.00"})
            for step in ("check", "pay"):
                await post(f"/{step}", {"id": row["id"]})
            await post("/result", {"id": row["id"], **PAID})

        yield pay


Side = tuple[Pay, list[str], psutil.Process]
"""How one pays, from which awards, and the server that does it."""


async def compare(ours: Side, bare: Side) -> tuple[float, float, float, float]:
    """Ratio, both rates, and the ratio by the clock; in turn, both in the same weather."""
    seen = [(*await rate(*ours), *await rate(*bare)) for _ in range(ROUNDS)]
    return (
        median(own / other for own, _, other, _ in seen),
        median(own for own, _, _, _ in seen),
        median(other for _, _, other, _ in seen),
        median(own / other for _, own, _, other in seen),
    )


async def rate(pay: Pay, awards: list[str], server: psutil.Process) -> tuple[float, float]:
    """Payments in a second of the server's core, and in one by the clock; one after the other from
    each award."""
    begun, used, made = time.perf_counter(), core_time(server), 0

    async def go_on(award: str) -> None:
        nonlocal made
        while time.perf_counter() < begun + SECONDS:
            await pay(award)
            made += 1

    await asyncio.gather(*map(go_on, awards))
    return made / (core_time(server) - used), made / (time.perf_counter() - begun)


async def pages(port: int, path: str, bearer: dict[str, str]) -> tuple[float, float, int]:
    """The first page of a statement, and the last one of its half behind a date, in ms."""
    seen = []
    for query in ("", f"&from={LATEST}&sort=-number"):
        made = request("GET", path + query, bearer)
        repeat = itertools.repeat(made)
        seen.append(await drive(port, repeat.__next__, seconds=PAGES, connections=1))
    return seen[0].p50, seen[1].p50, sum(each.failed for each in seen)


if __name__ == "__main__":
    print(asyncio.run(measure()))
