"""Years, funds, rules, lines, awards and payments: what the others are made of."""

import itertools
from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Row

RULE = {
    "programme": "innovation-programme",
    "name_zh": "科技三项费占比",
    "name_en": "Share of the three S&T items",
    "formula": "three_st_share",
    "comparator": "at_least",
    "unit": "%",
    "thresholds": [{"year": 2026, "value": "2.2"}],
    "inputs": ["three_st_expenses", "budget_expenditure"],
    "funds": [],
}
REVISED = {"from_year": 2026, "document_no": "n", "reason": "r"}
PAID = {"outcome": "succeeded", "paid_on": "2026-04-10"}
PATHS: dict[str, list[tuple[str, str, Any]]] = {
    "requested": [],
    "checked": [("finance_checker", "check", None)],
    "rejected": [("finance_checker", "reject", {"reason": "r"})],
    "paying": [("finance_checker", "check", None), ("finance_payer", "pay", None)],
}
for outcome, body in (("succeeded", PAID), *((o, {"outcome": o}) for o in ("failed", "returned"))):
    PATHS[outcome] = [*PATHS["paying"], ("finance_payer", "result", body)]
"""Whoever does it, the step and its body, from a new payment to each of its states."""


class Base:
    """All of them draw on one ample budget line."""

    def __init__(self, house: Any, budget: Row, programme: Any, kinds: Any) -> None:
        self.house, self.budget, self.programme = house, budget, programme
        self.kinds = kinds
        self.years = itertools.count(2040)
        self.periods = itertools.count()
        self.old_years = itertools.count(2000)

    async def a_year(self, *_: Any) -> Row:
        year = next(self.years)
        await self.house.year(year)
        return (await self.house.get("office", f"/fiscal-years/{year}")).json()

    async def a_fund(self, *_: Any) -> Row:
        code = f"fund-{new_id()}"
        await self.house.fund(code)
        return (await self.house.get("office", f"/funds/{code}")).json()

    async def a_rule(self, *_: Any) -> Row:
        answer = await self.house.put("office", f"/funding-rules/rule-{new_id()}", RULE)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def a_revision(self, *_: Any) -> Row:
        code = (await self.a_rule())["code"]
        row = await self.house.made("office", f"/funding-rules/{code}/revisions", REVISED)
        return row | {"code": code}

    async def a_question(self, _: str) -> Row:
        return {"fiscal_year": 2026}

    async def budget_body(self, _: str) -> Row:
        line = f"line-{new_id()}"
        return {"fund_code": "transfer-fund", "fiscal_year": 2026, "line": line, "amount": "9.00"}

    async def a_budget(self, state: str, _: str | None) -> Row:
        return await (self.house.approved if state == "approved" else self.house.draft)("9.00")

    async def appropriation_body(self, _: str) -> Row:
        return self.house.appropriation_body(self.budget["id"], "1.00")

    async def an_appropriation(self, *_: Any) -> Row:
        body = await self.appropriation_body("")
        return await self.house.made("finance_maker", "/appropriations", body)

    async def award_body(self, unit: str) -> Row:
        budget = self.budget["id"]
        return {"budget_id": budget, "payee_unit": unit, "title": "t", "amount": "10.00"}

    async def an_award(self, state: str, unit: str | None) -> Row:
        row = await self.house.award("10.00", unit, self.budget["id"])
        if state == "cancelled":
            path, body = f"/awards/{row['id']}/cancel", {"reason": "r"}
            row = (await self.house.post("office", path, body, etag='"1"')).json()
        if state == "closed":
            await self.programme.acceptance(row, "passed")
            row = (await self.house.get("office", f"/awards/{row['id']}")).json()
        return row

    async def disbursement_body(self, unit: str) -> Row:
        award = await self.an_award("granted", unit)
        return {"award_id": award["id"], "amount": "1.00"}

    async def a_disbursement(self, state: str, unit: str | None) -> Row:
        body = await self.disbursement_body(unit or "")
        row = await self.house.made("finance_maker", "/disbursements", body)
        for role, step, given in PATHS[state]:
            answer = await self.house.step(role, row, step, given)
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_hold(self, _: str, unit: str | None) -> Row:
        """Of a rectification that has ended, so that it holds no payment of the others here."""
        item_id = new_id()
        await self.house.rows(
            "INSERT INTO payment_hold (item_id, item_number, title, payee_unit, due_on,"
            " released_at, outcome, version, created_at, updated_at)"
            " VALUES ($1, '2026-0001', 't', $2, '2026-08-01', now(), 'closed', 1, now(), now())",
            item_id,
            unit,
        )
        return {"item_id": str(item_id), "payee_unit": unit}

    async def an_entry(self, _: str, unit: str | None) -> Row:
        award = await self.an_award("granted", unit)
        (entry,) = await self.house.rows(
            "SELECT id FROM journal_entry WHERE source_id = $1", award["id"]
        )
        return {"id": str(entry["id"])}

    async def an_account(self, *_: Any) -> Row:
        found = await self.house.rows(
            "SELECT id FROM account WHERE budget_id = $1 AND stage = 'authority'",
            self.budget["id"],
        )
        return {"id": str(found[0]["id"])}

    async def an_execution(self, *_: Any) -> Row:
        return {"id": "transfer-fund/2026-01"}
