"""HTTP of budgets."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import AlreadyExists, InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year

from funding.budgets import repository, service
from funding.budgets.domain import BudgetState, SeparationOfDuties
from funding.budgets.repository import SORTABLE, BudgetFilter
from funding.budgets.schemas import BudgetApprove, BudgetCreate, BudgetPage, BudgetRead
from funding.fiscal_years.domain import YearClosed
from funding.permissions import APPROVE_BUDGET, CREATE_BUDGET, READ_BUDGET

router = app.router("budgets")


@router.post(
    "/budgets",
    status_code=201,
    response_model=BudgetRead,
    responses=problems(UnknownReference, AlreadyExists, YearClosed),
    summary="Draw up a budget line",
)
async def create_budget(
    body: BudgetCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_BUDGET),
) -> Any:
    """Add a line of a fund in a fiscal year, as a draft that somebody else approves."""
    budget = await service.create_budget(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/budgets/{budget.id}"
    tag(response, budget)
    return budget


add_batch(router, create_budget)


@router.post(
    "/budgets/{budget_id}/approve",
    response_model=BudgetRead,
    responses=problems(InvalidTransition, SeparationOfDuties, YearClosed),
    summary="Approve a budget line",
)
async def approve_budget(
    budget_id: UUID,
    body: BudgetApprove,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(APPROVE_BUDGET),
) -> Any:
    """Approve a draft by its document number; the maker of the draft cannot."""
    budget = await service.approve_budget(session, principal, budget_id, body.document_no, expected)
    tag(response, budget)
    return budget


@router.get("/budgets/{budget_id}", response_model=BudgetRead, summary="Read a budget line")
async def get_budget(
    budget_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_BUDGET),
) -> Any:
    """One line with what is appropriated, committed, disbursed and available."""
    budget = await service.get_budget(session, budget_id)
    tag(response, budget)
    return budget


@router.get("/budgets", response_model=BudgetPage, summary="List budget lines")
async def list_budgets(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    state: Annotated[AnyOf[BudgetState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_BUDGET),
) -> Any:
    """Budget lines by fund, year and state."""
    wanted = BudgetFilter(fund_code, fiscal_year, state, updated_since)
    return await repository.list_budgets(session, page, wanted)
