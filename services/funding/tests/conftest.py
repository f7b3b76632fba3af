"""The funding API in this process, on a real database, with somebody of every role to call it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

import asyncpg
import httpx
import pytest_asyncio
from fastapi import FastAPI
from funding.main import build
from funding.settings import Settings
from servicekit.db import Database
from servicekit.messaging.subscriptions import Received
from servicekit.testing.bus import RecordingBus
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens

from services.funding.tests.kinds import Kinds
from services.funding.tests.programme import Programme

API = "/api/v1"
UNITS = [
    ("finance-bureau", "bureau", []),
    ("programme-office", "programme_office", ["headquarters"]),
    ("st-bureau", "bureau", ["programme-office", "group-4"]),
    ("gangqu-admin", "park_administration", ["group-4"]),
    ("maizier-sugar", "enterprise", ["gangqu-admin"]),
    ("qingan-chemical", "enterprise", []),
]
HOME = {
    "office": "programme-office",
    "group_lead": "group-4",
    "unit_reporter": "st-bureau",
    "park_admin": "gangqu-admin",
    "enterprise": "maizier-sugar",
}


# The totals in every line, against adding up all lines before it.
UNLIKE_A_REPLAY = """
SELECT 1 FROM (
 SELECT l.*, e.number AS entry_number, e.posted_at < max(e.posted_at) OVER years AS went_back,
  sum(l.debit) OVER so_far AS debits, sum(l.credit) OVER so_far AS credits
 FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
 WINDOW so_far AS (PARTITION BY l.account_id ORDER BY e.number),
  years AS (PARTITION BY e.fiscal_year ORDER BY e.number)
) r WHERE (debit_total, credit_total, number) <> (debits, credits, entry_number) OR went_back
"""
# What the months of a fund's year come to, against what became of its lines.
MONTHS_UNLIKE_LINES = """
SELECT fund_code, fiscal_year, sum(amount), sum(appropriated), sum(disbursed),
 sum(refunded + recovered), sum(carried_over), sum(lapsed),
 CASE WHEN sum(carried_over) = 0 THEN sum(committed) END
FROM budget WHERE state = 'approved' GROUP BY 1, 2
EXCEPT
SELECT fund_code, fiscal_year, sum(approved), sum(appropriated), sum(disbursed), sum(refunded),
 sum(carried_over), sum(lapsed), CASE WHEN sum(carried_over) = 0 THEN sum(committed) END
FROM execution_month GROUP BY 1, 2
"""


@dataclass
class House:
    """Short ways to what every test needs. Amounts are yuan, as strings."""

    UNLIKE_A_REPLAY: ClassVar[str] = UNLIKE_A_REPLAY
    app: FastAPI
    stored: ServiceDatabase
    database: Database
    bus: RecordingBus
    clients: Callable[..., Awaitable[httpx.AsyncClient]]
    known: dict[tuple[str, ...], httpx.AsyncClient] = field(default_factory=dict)

    async def as_(self, role: str, unit: str | None = None, **claims: Any) -> httpx.AsyncClient:
        """A client of this role; its person is `test-<role>` unless `sub` says otherwise."""
        key = (role, unit or "", *map(str, claims.items()))
        if key not in self.known:
            home = unit or HOME.get(role, "finance-bureau")
            self.known[key] = await self.clients(self.app, role, home, **claims)
        return self.known[key]

    async def call(
        self, role: str, method: str, path: str, body: Any = None, **options: Any
    ) -> httpx.Response:
        """One request. `etag` becomes If-Match, `key` the Idempotency-Key (fresh if absent)."""
        etag, key = options.pop("etag", None), options.pop("key", None)
        headers = {"Accept-Language": "en", **options.pop("headers", {})}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid4())
        if etag is not None:
            headers["If-Match"] = etag
        client = await self.as_(role, **options)
        return await client.request(method, API + path, json=body, headers=headers)

    async def get(self, role: str, path: str, **options: Any) -> httpx.Response:
        return await self.call(role, "GET", path, **options)

    async def post(self, role: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return await self.call(role, "POST", path, body, **options)

    async def put(self, role: str, path: str, body: Any, **options: Any) -> httpx.Response:
        return await self.call(role, "PUT", path, body, **options)

    @staticmethod
    async def insist(call: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """The answer of one of very many at once: who finds no connection free tries again."""
        answer = await call()
        while answer.status_code == 503:
            answer = await call()
        return answer

    async def made(self, role: str, path: str, body: Any) -> dict[str, Any]:
        """What a POST made; it must succeed."""
        response = await self.post(role, path, body)
        assert response.status_code == 201, response.text
        return response.json()

    async def rows(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.stored.superuser_url)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    @staticmethod
    def fund_body(kind: str = "special", **changes: Any) -> dict[str, Any]:
        return {
            "programme": "innovation-programme",
            "name_zh": "成果转化专项资金",
            "name_en": "Transfer fund",
            "kind": kind,
            "purpose_zh": "用于重大科技成果转化",
            "purpose_en": "Major transfer projects",
            "manager_unit": "st-bureau",
            "counts_towards_floor": kind == "special",
            "source_ref": "二(七)2",
            **changes,
        }

    @staticmethod
    def appropriation_body(budget_id: str, amount: str) -> dict[str, Any]:
        return {
            "budget_id": budget_id,
            "amount": amount,
            "document_no": "新财预〔2026〕12号",
            "appropriated_on": "2026-03-01",
        }

    async def year(self, year: int = 2026, expenditure: str = "1000.00", **items: str) -> None:
        body = {
            "budget_expenditure": expenditure,
            "three_st_expenses": items.get("three_st", "0.00"),
            "science_operating_expenses": items.get("operating", "0.00"),
        }
        response = await self.put("office", f"/fiscal-years/{year}", body)
        assert response.status_code in (200, 201), response.text

    async def fund(self, code: str = "transfer-fund", kind: str = "special") -> None:
        response = await self.put("office", f"/funds/{code}", self.fund_body(kind))
        assert response.status_code in (200, 201), response.text

    async def draft(
        self, amount: str, line: str = "", year: int = 2026, fund: str = "transfer-fund"
    ) -> dict[str, Any]:
        body = {"fund_code": fund, "fiscal_year": year, "amount": amount}
        return await self.made("finance_maker", "/budgets", body | {"line": line or fresh("line")})

    async def approved(self, amount: str, **where: Any) -> dict[str, Any]:
        budget = await self.draft(amount, **where)
        path = f"/budgets/{budget['id']}/approve"
        response = await self.post("finance_checker", path, {"document_no": "no. 1"}, etag='"1"')
        assert response.status_code == 200, response.text
        return response.json()

    async def appropriated(self, amount: str, **where: Any) -> dict[str, Any]:
        """A budget line, approved and wholly appropriated."""
        budget = await self.approved(amount, **where)
        body = self.appropriation_body(budget["id"], amount)
        await self.made("finance_maker", "/appropriations", body)
        return (await self.get("office", f"/budgets/{budget['id']}")).json()

    async def award(
        self, amount: str, payee: str = "maizier-sugar", budget: str = ""
    ) -> dict[str, Any]:
        budget = budget or (await self.appropriated(amount))["id"]
        body = {"budget_id": budget, "payee_unit": payee, "title": "t", "amount": amount}
        return await self.made("office", "/awards", body)

    async def asked(self, award_id: str, amount: str) -> dict[str, Any]:
        body = {"award_id": award_id, "amount": amount}
        return await self.made("finance_maker", "/disbursements", body)

    async def step(
        self, role: str, row: dict[str, Any], name: str, body: Any = None, **options: Any
    ) -> httpx.Response:
        path = f"/disbursements/{row['id']}/{name}"
        etag = options.pop("etag", f'"{row["version"]}"')
        return await self.post(role, path, body, etag=etag, **options)

    async def paying(self, award_id: str, amount: str) -> dict[str, Any]:
        """A payment that has left for the treasury."""
        row = await self.asked(award_id, amount)
        row = (await self.step("finance_checker", row, "check")).json()
        response = await self.step("finance_payer", row, "pay")
        assert response.status_code == 200, response.text
        return response.json()

    async def checked(self, award_id: str, amount: str) -> dict[str, Any]:
        row = await self.step("finance_checker", await self.asked(award_id, amount), "check")
        assert row.status_code == 200, row.text
        return row.json()

    async def account(self, unit: str = "maizier-sugar", **changes: Any) -> dict[str, Any]:
        """Where a unit is paid to from now on."""
        body = {
            "payee_unit": unit,
            "account_name": "麦滋尔糖业有限公司",
            "account_number": "1702021409000012345",
            "bank_name": "中国工商银行周口分行",
            "bank_code": "102510000017",
        }
        return await self.decided("/payee-accounts", **{**body, **changes})

    async def batch(self, amounts: tuple[str, ...], payee: str = "maizier-sugar") -> dict[str, Any]:
        """A draft of checked payments of so much, to one payee with an account."""
        await self.account(payee)
        total = str(sum(map(Decimal, amounts)))
        award = (await self.award(total, payee))["id"]
        rows = [await self.checked(award, amount) for amount in amounts]
        body = {"disbursement_ids": [row["id"] for row in rows]}
        return await self.made("finance_payer", "/payment-batches", body)

    async def issued(self, *amounts: str) -> dict[str, Any]:
        """A batch that is on its way to the treasury."""
        batch = await self.batch(amounts)
        path = f"/payment-batches/{batch['id']}/issue"
        answer = await self.post("finance_payer", path, etag=f'"{batch["version"]}"')
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def paid(self, award_id: str, amount: str) -> dict[str, Any]:
        row = await self.paying(award_id, amount)
        body = {"outcome": "succeeded", "paid_on": "2026-04-10"}
        response = await self.step("finance_payer", row, "result", body)
        assert response.status_code == 200, response.text
        return response.json()

    async def drawn_up(self, path: str, **body: Any) -> dict[str, Any]:
        """A draft of a document, by the maker; `path` is its list's."""
        return await self.made("finance_maker", path, {"reason": "r", **body})

    async def decide(
        self, path: str, row: dict[str, Any], step: str = "approve", **options: Any
    ) -> httpx.Response:
        """A step of a document by the checker, or its withdrawal by the maker."""
        role = options.pop("role", "finance_maker" if step == "withdraw" else "finance_checker")
        body = None if step == "approve" else {"refusal": "r"}
        etag = options.pop("etag", f'"{row["version"]}"')
        return await self.post(role, f"{path}/{row['id']}/{step}", body, etag=etag, **options)

    async def decided(self, path: str, **body: Any) -> dict[str, Any]:
        """A document, drawn up and approved."""
        answer = await self.decide(path, await self.drawn_up(path, **body))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refunded(self, disbursement_id: str, amount: str) -> dict[str, Any]:
        return await self.decided(
            "/refunds", disbursement_id=disbursement_id, amount=amount, received_on="2026-09-02"
        )

    async def line(self, budget_id: str) -> dict[str, Any]:
        """A budget line as it is now."""
        return (await self.get("auditor", f"/budgets/{budget_id}")).json()

    async def hear(self, handler: Callable[..., Awaitable[None]], event: Any) -> None:
        """Hand one event to its handler in a transaction, as the consumer does."""
        async with self.database.session() as session:
            await handler(session, received(event))

    async def books_balance(self) -> None:
        """Σ debit = Σ credit, no gap, and replaying the journal gives accounts and totals."""
        (sums,) = await self.rows("SELECT sum(debit) d, sum(credit) c FROM journal_line")
        assert sums["d"] == sums["c"]
        gaps = await self.rows(
            "SELECT 1 FROM journal_entry GROUP BY fiscal_year HAVING max(number) <> count(*)"
        )
        assert gaps == []
        wrong = await self.rows(
            """SELECT a.id FROM account a LEFT JOIN (SELECT account_id, sum(debit) d, sum(credit) c
               FROM journal_line GROUP BY 1) l ON l.account_id = a.id
               WHERE (a.debit_total, a.credit_total) <> (coalesce(l.d, 0), coalesce(l.c, 0))"""
        )
        assert wrong == []
        assert await self.rows(UNLIKE_A_REPLAY) == []
        assert await self.rows(MONTHS_UNLIKE_LINES) == []
        for budget in await self.rows(
            "SELECT b.*, y.closed_at FROM budget b JOIN fiscal_year y ON y.year = b.fiscal_year"
            " WHERE state = 'approved'"
        ):
            await self._totals_match(budget)

    async def _totals_match(self, budget: asyncpg.Record) -> None:
        rows = await self.rows(
            "SELECT stage, debit_total - credit_total AS b FROM account WHERE budget_id = $1",
            budget["id"],
        )
        assert {row["stage"]: row["b"] for row in rows} == self._standing(budget)

    def _standing(self, b: asyncpg.Record) -> dict[str, Decimal]:
        """What a line's accounts must stand at; when its year is closed, nothing is left free."""
        gone = b["carried_over"] + b["lapsed"]
        free = b["appropriated"] - b["committed"] - b["carried_over"]
        is_closed = b["closed_at"] is not None
        return {
            "authority": gone - b["amount"] - b["recovered"],
            "approved": Decimal(0) if is_closed else b["amount"] - b["appropriated"],
            "appropriated": Decimal(0) if is_closed else free,
            "committed": b["committed"] - b["disbursed"],
            "disbursed": b["disbursed"] - b["refunded"],
            "refunded": b["refunded"] + b["recovered"],
        }


def fresh(prefix: str) -> str:
    return f"{prefix}-{uuid4().hex[:8]}"


def received(event: Any) -> Received[Any]:
    """An event as the consumer hands it over."""
    return Received(
        id=uuid4(),
        type=event.type,
        publisher=event.type.split(".")[1],
        aggregate_id=event.subject,
        aggregate_version=1,
        time=datetime.now(UTC),
        data=event,
        correlation_id="case-1",
        causation_id=None,
        traceparent=None,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    service_database: Callable[[str], ServiceDatabase],
    recording_bus: Callable[[ServiceDatabase], RecordingBus],
    api_client: Callable[..., Awaitable[httpx.AsyncClient]],
    tokens: Tokens,
) -> AsyncIterator[House]:
    stored = service_database("funding")
    app = build(Settings(service="funding", database_url=stored.app_url, jwks=tokens.jwks))
    async with Database(stored.app_url) as database:
        made = House(app, stored, database, recording_bus(stored), api_client)
        for code, kind, parents in UNITS:
            await made.rows(
                "INSERT INTO unit_node (code, name, kind, parents) VALUES ($1, $1, $2, $3)",
                code,
                kind,
                parents,
            )
        await made.year()
        await made.fund()
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def programme(house: House) -> Programme:
    return Programme(house)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kinds(house: House) -> Kinds:
    made = Kinds(house)
    await made.prepare()
    return made
