"""HTTP of appropriations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Moment, Year

from funding.appropriations import repository, service
from funding.appropriations.repository import SORTABLE, AppropriationFilter
from funding.appropriations.schemas import (
    AppropriationCreate,
    AppropriationPage,
    AppropriationRead,
)
from funding.budgets.domain import BudgetNotApproved, InsufficientFunds
from funding.fiscal_years.domain import YearClosed
from funding.permissions import MAKE_APPROPRIATION, READ_APPROPRIATION

router = app.router("appropriations")


@router.post(
    "/appropriations",
    status_code=201,
    response_model=AppropriationRead,
    responses=problems(UnknownReference, BudgetNotApproved, InsufficientFunds, YearClosed),
    summary="Appropriate money",
)
async def create_appropriation(
    body: AppropriationCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_APPROPRIATION),
) -> Any:
    """Make money of an approved budget line available by a document."""
    row = await service.make_appropriation(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/appropriations/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_appropriation)


@router.get(
    "/appropriations/{appropriation_id}",
    response_model=AppropriationRead,
    summary="Read an appropriation",
)
async def get_appropriation(
    appropriation_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_APPROPRIATION),
) -> Any:
    """One appropriation."""
    row = await service.get_appropriation(session, appropriation_id)
    tag(response, row)
    return row


@router.get("/appropriations", response_model=AppropriationPage, summary="List appropriations")
async def list_appropriations(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    budget_id: UUID | None = None,
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_APPROPRIATION),
) -> Any:
    """Appropriations by budget line, fund and year."""
    wanted = AppropriationFilter(budget_id, fund_code, fiscal_year, updated_since)
    return await repository.list_appropriations(session, page, wanted)
