"""Who may do what in funding: every cell of the authorisation matrix."""

import itertools
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from funding.disbursements.domain import STEPS, Outcome
from funding.main import build
from funding.settings import Settings
from funding.worker import JOBS
from servicekit.testing import units
from servicekit.testing.authorisation.declared import TREE, UNIT, Resource
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

from services.funding.tests.matrix.base import PAID, REVISED
from services.funding.tests.matrix.documents import Documents
from services.funding.tests.matrix.programme import Programme
from services.funding.tests.matrix.supports import Supports
from services.funding.tests.programme import PDF

PLENTY = "100000000.00"


class Money(Programme, Documents, Supports):
    """How the objects of funding come to be; all of them draw on one ample budget line."""

    def resources(self) -> list[Resource]:
        payments = {name: STEPS[name] for name in ("check", "reject", "pay", "retry")}
        return [
            *self.programme_resources(),
            *self.documents(),
            *self.batches(),
            *self.supports(),
            *self.after_the_award(),
            Resource("/fiscal-years", one="/fiscal-years/{year}", make=self.a_year),
            Resource("/funds", one="/funds/{code}", make=self.a_fund),
            Resource(
                "/funding-rules",
                one="/funding-rules/{code}",
                make=self.a_rule,
                bodies={"revisions": REVISED, "end": REVISED},
            ),
            Resource(
                "/funding-rules/{code}/revisions/{revision_id}",
                one="/funding-rules/{code}/revisions/{revision_id}",
                make=self.a_revision,
            ),
            Resource("/funding-rules/simulate", create=self.a_question),
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
                bodies={"result": PAID, "retry": {}},
            ),
            Resource("/payment-holds", make=self.a_hold, key="item_id"),
            Resource("/journal-entries", one="/journal-entries/{entry_id}", make=self.an_entry),
            Resource("/accounts", one="/accounts/{account_id}", make=self.an_account),
            Resource("/trial-balance", make=self.an_account),
            Resource("/execution-board", make=self.an_execution),
            Resource(
                "/counterpart-reports",
                one="/counterpart-reports/{report_id}",
                make=self.a_counterpart_report,
                create=self.counterpart_body,
                steps={"verify": {"reported"}, "return": {"reported", "verified"}},
                bodies={"evidence": PDF},
            ),
            Resource(
                "/counterpart-reports/{report_id}/evidence/{evidence_id}",
                make=self.a_counterpart_file,
            ),
            Resource("/leverage", make=self.a_leverage),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def money(house: Any, programme: Any, kinds: Any) -> Money:
    await units.tell(house.database, TREE)
    # What is carried over from 2026 needs a year to go to, whatever else is tested beside.
    for year in (*range(2010, 2026), 2027):
        await house.year(year)
    budget = await house.approved(PLENTY)
    half = house.appropriation_body(budget["id"], "50000000.00")
    await house.made("finance_maker", "/appropriations", half)
    return Money(house, budget, programme, kinds)


@pytest.fixture(scope="module")
def matrix(house: Any, money: Money, tokens: Tokens) -> Matrix:
    return Matrix(house.app, tokens, money.resources(), JOBS)


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
    row = await house.drawn_up("/adjustments", **await money.adjustment_body(""))
    with pytest.raises(asyncpg.CheckViolationError, match="maker_decides_not"):
        await house.rows(
            "UPDATE adjustment SET state = 'approved', decided_by = made_by WHERE id = $1",
            row["id"],
        )
    await money.a_counterpart_report("verified", UNIT)
    with pytest.raises(asyncpg.CheckViolationError, match="reporter_is_not_reviewer"):
        await house.rows("UPDATE counterpart_report SET reviewed_by = reported_by")


async def test_every_cell_of_the_document_was_called(matrix: Matrix) -> None:
    assert await matrix.untested() == set()
    print(f"{len(matrix.tested)} cells")
