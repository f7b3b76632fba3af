"""Who may do what in funding: every cell of the authorisation matrix."""

import itertools
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from funding.disbursements.domain import STEPS, Outcome
from funding.main import build
from funding.settings import Settings
from servicekit.auth import directory
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import TREE, UNIT, Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

PLENTY = "100000000.00"
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


class Money:
    """How the objects of funding come to be; all of them draw on one ample budget line."""

    def __init__(self, house: Any, budget: Row) -> None:
        self.house, self.budget = house, budget
        self.years = itertools.count(2040)
        self.periods = itertools.count()

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
            "SELECT id FROM account WHERE budget_id = $1", self.budget["id"]
        )
        return {"id": str(found[0]["id"])}

    async def counterpart_body(self, unit: str | None) -> Row:
        year, month = divmod(next(self.periods), 12)
        period = f"{2010 + year}-{month + 1:02}"
        return {
            "unit_code": unit,
            "fiscal_year": 2010 + year,
            "period": period,
            "amount": "5.00",
        }

    async def a_counterpart_report(self, state: str, unit: str | None) -> Row:
        body = await self.counterpart_body(unit)
        row = await self.house.made("office", "/counterpart-reports", body)
        if state != "reported":
            step, body = ("verify", None) if state == "verified" else ("return", {"reason": "r"})
            path = f"/counterpart-reports/{row['id']}/{step}"
            row = (await self.house.post("office", path, body, etag='"1"', sub="second")).json()
        return row

    def resources(self) -> list[Resource]:
        payments = {name: STEPS[name] for name in ("check", "reject", "pay")}
        return [
            Resource("/fiscal-years", one="/fiscal-years/{year}", make=self.a_year),
            Resource("/funds", one="/funds/{code}", make=self.a_fund),
            Resource("/funding-rules", one="/funding-rules/{code}", make=self.a_rule),
            Resource(
                "/budgets",
                one="/budgets/{budget_id}",
                make=self.a_budget,
                create=self.budget_body,
                steps={"approve": {"draft"}},
            ),
            Resource(
                "/appropriations",
                one="/appropriations/{appropriation_id}",
                make=self.an_appropriation,
                create=self.appropriation_body,
            ),
            Resource(
                "/awards",
                one="/awards/{award_id}",
                make=self.an_award,
                create=self.award_body,
                steps={"cancel": {"granted"}},
            ),
            Resource(
                "/disbursements",
                one="/disbursements/{disbursement_id}",
                make=self.a_disbursement,
                create=self.disbursement_body,
                steps={**payments, "result": STEPS[Outcome.SUCCEEDED]},
                bodies={"result": PAID},
            ),
            Resource("/payment-holds", make=self.a_hold, key="item_id"),
            Resource("/journal-entries", one="/journal-entries/{entry_id}", make=self.an_entry),
            Resource("/accounts", make=self.an_account),
            Resource(
                "/counterpart-reports",
                one="/counterpart-reports/{report_id}",
                make=self.a_counterpart_report,
                create=self.counterpart_body,
                steps={"verify": {"reported"}, "return": {"reported"}},
            ),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def money(house: Any) -> Money:
    async with house.database.session() as session:
        for code, parents in TREE.items():
            await directory.upsert_unit(
                session, code=code, name=code, kind="bureau", parents=parents, active=True
            )
    for year in range(2010, 2026):
        await house.year(year)
    budget = await house.approved(PLENTY)
    half = house.appropriation_body(budget["id"], "50000000.00")
    await house.made("finance_maker", "/appropriations", half)
    return Money(house, budget)


@pytest.fixture(scope="module")
def matrix(house: Any, money: Money, tokens: Tokens) -> Matrix:
    return Matrix(house.app, tokens, money.resources())


@pytest.mark.parametrize("operation", operation_ids(build(Settings())))
async def test_an_operation_lets_in_whom_its_permission_names(
    matrix: Matrix, operation: str
) -> None:
    wrong = await matrix.wrong_cells(operation)
    assert not wrong, "\n".join(wrong)


async def test_a_step_is_possible_from_the_states_of_its_table(matrix: Matrix) -> None:
    wrong = await matrix.wrong_steps()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("hands", list(itertools.product("abc", repeat=3)), ids="".join)
async def test_the_database_takes_a_payment_only_from_three_hands(
    house: Any, money: Money, hands: tuple[str, str, str]
) -> None:
    """Maker, checker and payer, by every combination of three people."""
    row = await money.a_disbursement("paying", UNIT)
    change = house.rows(
        "UPDATE disbursement SET made_by = $2, checked_by = $3, paid_by = $4 WHERE id = $1",
        row["id"],
        *hands,
    )
    if len(set(hands)) == 3:
        await change
    else:
        with pytest.raises(asyncpg.CheckViolationError, match=r"maker_is_not_checker|payer_is_a"):
            await change


async def test_the_database_takes_no_approval_of_ones_own_work(house: Any, money: Money) -> None:
    await money.a_budget("approved", None)
    with pytest.raises(asyncpg.CheckViolationError, match="maker_is_not_approver"):
        await house.rows("UPDATE budget SET approved_by = made_by WHERE state = 'approved'")
    await money.a_counterpart_report("verified", UNIT)
    with pytest.raises(asyncpg.CheckViolationError, match="reporter_is_not_reviewer"):
        await house.rows("UPDATE counterpart_report SET reviewed_by = reported_by")


async def test_every_cell_of_the_document_was_called(matrix: Matrix) -> None:
    assert await matrix.untested() == set()
    print(f"{len(matrix.tested)} cells")
