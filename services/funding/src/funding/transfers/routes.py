"""HTTP of transfers."""

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

from funding.budgets.domain import BudgetNotApproved, InsufficientFunds
from funding.documents import repository as documents
from funding.documents.domain import DocumentState
from funding.documents.repository import SORTABLE
from funding.documents.routes import Kind, add_document
from funding.fiscal_years.domain import YearClosed
from funding.permissions import APPROVE_TRANSFER, MAKE_TRANSFER, READ_TRANSFER
from funding.transfers import service
from funding.transfers.domain import DifferentYears, DocumentRequired, SameLine
from funding.transfers.models import Transfer
from funding.transfers.schemas import TransferCreate, TransferPage, TransferRead

router = app.router("transfers")


@router.post(
    "/transfers",
    status_code=201,
    response_model=TransferRead,
    responses=problems(
        UnknownReference, BudgetNotApproved, YearClosed, SameLine, DifferentYears, DocumentRequired
    ),
    summary="Draw up a transfer",
)
async def create_transfer(
    body: TransferCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_TRANSFER),
) -> Any:
    """Propose to give budget of a line to another one of the year; somebody else approves it."""
    row = await service.create_transfer(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/transfers/{row.id}"
    tag(response, row)
    return row


@router.get("/transfers", response_model=TransferPage, summary="List transfers")
async def list_transfers(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    from_budget_id: UUID | None = None,
    to_budget_id: UUID | None = None,
    from_fund: Code | None = None,
    to_fund: Code | None = None,
    fiscal_year: Year | None = None,
    state: Annotated[AnyOf[DocumentState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_TRANSFER),
) -> Any:
    """Transfers by line, fund, year and state."""
    return await documents.list_documents(
        session,
        page,
        Transfer,
        from_budget_id=from_budget_id,
        to_budget_id=to_budget_id,
        from_fund=from_fund,
        to_fund=to_fund,
        fiscal_year=fiscal_year,
        state=state,
        updated_since=updated_since,
    )


add_document(
    router,
    Kind(
        Transfer,
        TransferRead,
        READ_TRANSFER,
        MAKE_TRANSFER,
        APPROVE_TRANSFER,
        said="a transfer",
        approval="Give it, never more than what of the line is not appropriated.",
        approve=service.approve_transfer,
        refusals=(InsufficientFunds, YearClosed),
    ),
)
