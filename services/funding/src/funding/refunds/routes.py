"""HTTP of refunds."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year

from funding.budgets.domain import InsufficientFunds, LineIsDraft
from funding.documents.domain import DocumentState
from funding.documents.repository import SORTABLE
from funding.documents.routes import Kind, add_document
from funding.fiscal_years.domain import NoOpenYear
from funding.permissions import APPROVE_REFUND, MAKE_REFUND, READ_REFUND
from funding.refunds import service
from funding.refunds.models import Refund
from funding.refunds.schemas import RefundCreate, RefundPage, RefundRead

router = app.router("refunds")


@router.post(
    "/refunds",
    status_code=201,
    response_model=RefundRead,
    responses=problems(UnknownReference, InvalidTransition, InsufficientFunds),
    summary="Note a refund",
)
async def create_refund(
    body: RefundCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_REFUND),
) -> Any:
    """Note money of a payment that its payee gave back; somebody else confirms that it is there."""
    row = await service.create_refund(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/refunds/{row.id}"
    tag(response, row)
    return row


@router.get("/refunds", response_model=RefundPage, summary="List refunds")
async def list_refunds(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    disbursement_id: UUID | None = None,
    award_id: UUID | None = None,
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    payee_unit: Code | None = None,
    state: Annotated[AnyOf[DocumentState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REFUND),
) -> Any:
    """Refunds the caller may see, by payment, award, fund, year, payee and state."""
    return await service.list_refunds(
        session,
        principal,
        page,
        disbursement_id=disbursement_id,
        award_id=award_id,
        fund_code=fund_code,
        fiscal_year=fiscal_year,
        payee_unit=payee_unit,
        state=state,
        updated_since=updated_since,
    )


add_document(
    router,
    Kind(
        Refund,
        RefundRead,
        READ_REFUND,
        MAKE_REFUND,
        APPROVE_REFUND,
        said="a refund",
        approval="Confirm that the money is there: it is booked as refunded and is not paid again.",
        approve=service.approve_refund,
        refusals=(InsufficientFunds, NoOpenYear, LineIsDraft),
    ),
)
