"""HTTP of disbursements."""

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
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year

from funding.agreements.domain import AgreementNotSigned, TrancheNotAccepted, TrancheRequired
from funding.budgets.domain import InsufficientFunds, LineIsDraft, SeparationOfDuties
from funding.disbursements import service
from funding.disbursements.domain import (
    AlreadyRefunded,
    AlreadyRetried,
    DisbursementState,
    PaidOnMissing,
    PaymentHeld,
    PaymentInBatch,
)
from funding.disbursements.repository import SORTABLE, DisbursementFilter
from funding.disbursements.schemas import (
    DisbursementCreate,
    DisbursementPage,
    DisbursementRead,
    DisbursementReject,
    DisbursementResult,
    DisbursementRetry,
)
from funding.fiscal_years.domain import NoOpenYear, YearClosed
from funding.permissions import (
    CHECK_DISBURSEMENT,
    MAKE_DISBURSEMENT,
    PAY_DISBURSEMENT,
    READ_DISBURSEMENT,
    SETTLE_DISBURSEMENT,
)
from funding.settlements import service as settlements

router = app.router("disbursements")


@router.post(
    "/disbursements",
    status_code=201,
    response_model=DisbursementRead,
    responses=problems(
        UnknownReference,
        InsufficientFunds,
        InvalidTransition,
        AgreementNotSigned,
        TrancheRequired,
        TrancheNotAccepted,
    ),
    summary="Ask for a payment",
)
async def create_disbursement(
    body: DisbursementCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_DISBURSEMENT),
) -> Any:
    """The maker asks for a payment against an award; the money is reserved from now on."""
    row = await service.make_disbursement(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/disbursements/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_disbursement)


@router.post(
    "/disbursements/{disbursement_id}/check",
    response_model=DisbursementRead,
    responses=problems(InvalidTransition, PaymentHeld, SeparationOfDuties),
    summary="Check a payment",
)
async def check_disbursement(
    disbursement_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CHECK_DISBURSEMENT),
) -> Any:
    """The checker, who is not the maker, confirms it; refused while the payee is held."""
    row = await service.check_disbursement(session, principal, disbursement_id, expected)
    tag(response, row)
    return row


@router.post(
    "/disbursements/{disbursement_id}/reject",
    response_model=DisbursementRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Reject a payment",
)
async def reject_disbursement(
    disbursement_id: UUID,
    body: DisbursementReject,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CHECK_DISBURSEMENT),
) -> Any:
    """The checker refuses it for a reason; what it had reserved is free again."""
    row = await service.reject_disbursement(
        session, principal, disbursement_id, body.reason, expected
    )
    tag(response, row)
    return row


@router.post(
    "/disbursements/{disbursement_id}/pay",
    response_model=DisbursementRead,
    responses=problems(InvalidTransition, PaymentHeld, PaymentInBatch, SeparationOfDuties),
    summary="Pay a payment",
)
async def pay_disbursement(
    disbursement_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PAY_DISBURSEMENT),
) -> Any:
    """The payer, a third person, sends it to the treasury; refused while the payee is held."""
    row = await service.pay_disbursement(session, principal, disbursement_id, expected)
    tag(response, row)
    return row


@router.post(
    "/disbursements/{disbursement_id}/result",
    response_model=DisbursementRead,
    responses=problems(
        InvalidTransition, PaidOnMissing, AlreadyRefunded, YearClosed, NoOpenYear, LineIsDraft
    ),
    summary="Record the result of a payment",
)
async def settle_disbursement(
    disbursement_id: UUID,
    body: DisbursementResult,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SETTLE_DISBURSEMENT),
) -> Any:
    """Record what the treasury says: succeeded, failed, or returned by the bank afterwards."""
    row = await settlements.settle_disbursement(
        session, principal, disbursement_id, body.model_dump(), expected
    )
    tag(response, row)
    return row


@router.post(
    "/disbursements/{disbursement_id}/retry",
    status_code=201,
    response_model=DisbursementRead,
    responses=problems(
        InvalidTransition,
        AlreadyRetried,
        InsufficientFunds,
        AgreementNotSigned,
        TrancheRequired,
        TrancheNotAccepted,
    ),
    summary="Try a payment again",
)
async def retry_disbursement(
    disbursement_id: UUID,
    body: DisbursementRetry,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(MAKE_DISBURSEMENT),
) -> Any:
    """Ask again for a payment that failed or came back: a new payment of the same amount, which is
    checked and paid like any other. One payment is tried again once; a third try is of the second.
    """
    row = await service.retry_disbursement(
        session, principal, disbursement_id, body.purpose, expected
    )
    response.headers["Location"] = f"{app.PREFIX}/disbursements/{row.id}"
    tag(response, row)
    return row


@router.get(
    "/disbursements/{disbursement_id}",
    response_model=DisbursementRead,
    summary="Read a payment",
)
async def get_disbursement(
    disbursement_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_DISBURSEMENT),
) -> Any:
    """One payment; payees see their own."""
    row = await service.get_disbursement(session, principal, disbursement_id)
    tag(response, row)
    return row


@router.get("/disbursements", response_model=DisbursementPage, summary="List payments")
async def list_disbursements(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    award_id: UUID | None = None,
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    payee_unit: Code | None = None,
    state: Annotated[AnyOf[DisbursementState] | None, Query()] = None,
    held: bool | None = None,
    batch_id: UUID | None = None,
    retry_of: UUID | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_DISBURSEMENT),
) -> Any:
    """Payments the caller may see; `state` may be repeated."""
    wanted = DisbursementFilter(
        None,
        award_id,
        fund_code,
        fiscal_year,
        payee_unit,
        state or (),
        held,
        batch_id,
        retry_of,
        updated_since,
    )
    return await service.list_disbursements(session, principal, page, wanted)
