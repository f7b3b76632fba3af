"""HTTP of carry-overs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year

from funding.budgets.domain import BudgetNotApproved, InsufficientFunds, LineIsDraft
from funding.carry_overs import service
from funding.carry_overs.models import CarryOver
from funding.carry_overs.schemas import CarryOverCreate, CarryOverPage, CarryOverRead
from funding.documents import repository as documents
from funding.documents.domain import DocumentState
from funding.documents.repository import SORTABLE
from funding.documents.routes import Kind, add_document
from funding.fiscal_years.domain import NoOpenYear, YearClosed
from funding.permissions import APPROVE_CARRY_OVER, MAKE_CARRY_OVER, READ_CARRY_OVER

router = app.router("carry-overs")


@router.post(
    "/carry-overs",
    status_code=201,
    response_model=CarryOverRead,
    responses=problems(UnknownReference, BudgetNotApproved, YearClosed),
    summary="Draw up a carry-over",
)
async def create_carry_over(
    body: CarryOverCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_CARRY_OVER),
) -> Any:
    """Propose to take free money into the next year; somebody else approves it."""
    row = await service.create_carry_over(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/carry-overs/{row.id}"
    tag(response, row)
    return row


@router.get("/carry-overs", response_model=CarryOverPage, summary="List carry-overs")
async def list_carry_overs(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    budget_id: UUID | None = None,
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    state: Annotated[AnyOf[DocumentState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CARRY_OVER),
) -> Any:
    """Carry-overs by line, fund, year and state."""
    return await documents.list_documents(
        session,
        page,
        CarryOver,
        budget_id=budget_id,
        fund_code=fund_code,
        fiscal_year=fiscal_year,
        state=state,
        updated_since=updated_since,
    )


add_document(
    router,
    Kind(
        CarryOver,
        CarryOverRead,
        READ_CARRY_OVER,
        MAKE_CARRY_OVER,
        APPROVE_CARRY_OVER,
        said="a carry-over",
        approval="Take it into the line that continues this one in the next open year.",
        approve=service.approve_carry_over,
        refusals=(InsufficientFunds, YearClosed, NoOpenYear, LineIsDraft),
    ),
)
