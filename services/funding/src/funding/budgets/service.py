"""Use cases of budgets."""

from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound, UnknownReference

from funding.budgets import domain, repository
from funding.budgets.models import Budget
from funding.budgets.repository import BudgetFilter
from funding.fiscal_years import repository as fiscal_years
from funding.funds import repository as funds
from funding.journal import service as journal
from funding.journal.domain import Kind


async def create_budget(session: Session, principal: Principal, values: dict[str, Any]) -> Budget:
    """Draw up a line.

    Raises:
        UnknownReference: no such fund or fiscal year.
        AlreadyExists: the fund has this line in this year.
    """
    if await funds.get(session, values["fund_code"]) is None:
        raise UnknownReference(what=f"fund {values['fund_code']}")
    if await fiscal_years.get(session, values["fiscal_year"]) is None:
        raise UnknownReference(what=f"fiscal year {values['fiscal_year']}")
    budget = Budget(**values, made_by=principal.subject)
    session.add(budget)
    await session.flush()
    audit.record(session, "budgets.create", "budget", budget.id, after=budget.snapshot())
    return budget


async def approve_budget(
    session: Session,
    principal: Principal,
    budget_id: UUID,
    document_no: str,
    expected: int | None,
) -> Budget:
    """Approve a draft and book its authority.

    Raises:
        InvalidTransition, SeparationOfDuties: see `domain.check_approval`.
    """
    budget = await repository.get_for_update(session, budget_id)
    if budget is None:
        raise NotFound(what=f"budget {budget_id}")
    check_version(budget, expected)
    domain.check_approval(budget.state, budget.made_by, principal.subject)
    before = budget.snapshot()
    budget.change(
        {
            "state": domain.BudgetState.APPROVED.value,
            "approved_by": principal.subject,
            "document_no": document_no,
        }
    )
    await session.flush()
    audit.record(
        session, "budgets.approve", "budget", budget.id, before=before, after=budget.snapshot()
    )
    await journal.open_accounts(session, budget.id, budget.fund_code, budget.fiscal_year)
    await journal.post_step(
        session,
        Kind.APPROVAL,
        budget.id,
        budget.amount,
        source=("budget", budget.id),
        document_no=document_no,
    )
    return budget


async def get_budget(session: Session, budget_id: UUID) -> Budget:
    budget = await repository.get(session, budget_id)
    if budget is None:
        raise NotFound(what=f"budget {budget_id}")
    return budget


async def list_budgets(session: Session, page: PageRequest, wanted: BudgetFilter) -> Page[Any]:
    return await repository.page_of(session, page, wanted)
