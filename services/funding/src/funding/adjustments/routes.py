"""HTTP of adjustments."""

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

from funding.adjustments import service
from funding.adjustments.models import Adjustment
from funding.adjustments.schemas import AdjustmentCreate, AdjustmentPage, AdjustmentRead
from funding.budgets.domain import BudgetNotApproved, InsufficientFunds
from funding.documents import repository as documents
from funding.documents.domain import DocumentState
from funding.documents.repository import SORTABLE
from funding.documents.routes import Kind, add_document
from funding.fiscal_years.domain import YearClosed
from funding.permissions import APPROVE_ADJUSTMENT, MAKE_ADJUSTMENT, READ_ADJUSTMENT

router = app.router("adjustments")


@router.post(
    "/adjustments",
    status_code=201,
    response_model=AdjustmentRead,
    responses=problems(UnknownReference, BudgetNotApproved, YearClosed),
    summary="Draw up an adjustment",
)
async def create_adjustment(
    body: AdjustmentCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_ADJUSTMENT),
) -> Any:
    """Propose to raise or cut an approved line by a document; somebody else approves it."""
    row = await service.create_adjustment(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/adjustments/{row.id}"
    tag(response, row)
    return row


@router.get("/adjustments", response_model=AdjustmentPage, summary="List adjustments")
async def list_adjustments(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    budget_id: UUID | None = None,
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    state: Annotated[AnyOf[DocumentState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_ADJUSTMENT),
) -> Any:
    """Adjustments by line, fund, year and state."""
    return await documents.list_documents(
        session,
        page,
        Adjustment,
        budget_id=budget_id,
        fund_code=fund_code,
        fiscal_year=fiscal_year,
        state=state,
        updated_since=updated_since,
    )


add_document(
    router,
    Kind(
        Adjustment,
        AdjustmentRead,
        READ_ADJUSTMENT,
        MAKE_ADJUSTMENT,
        APPROVE_ADJUSTMENT,
        said="an adjustment",
        approval="Raise or cut the line, never below what is appropriated.",
        approve=service.approve_adjustment,
        refusals=(InsufficientFunds, YearClosed),
    ),
)
