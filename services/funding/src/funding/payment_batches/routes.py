"""HTTP of payment batches."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.files.download import attachment, gives
from servicekit.files.kinds import CSV
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, NotFound, UnknownReference
from servicekit.types import AnyOf, Moment

from funding.payment_batches import repository, service
from funding.payment_batches.domain import BatchState, LineState, NothingToPay, NotPayable
from funding.payment_batches.repository import LINE_SORT, SORTABLE, BatchFilter
from funding.payment_batches.schemas import (
    BatchNumber,
    PaymentBatchCancel,
    PaymentBatchCreate,
    PaymentBatchPage,
    PaymentBatchRead,
    PaymentLinePage,
)
from funding.permissions import (
    CANCEL_BATCH,
    DOWNLOAD_BATCH,
    ISSUE_BATCH,
    MAKE_BATCH,
    READ_BATCH,
)

router = app.router("payment-batches")
ONE = "/payment-batches/{batch_id}"


@router.post(
    "/payment-batches",
    status_code=201,
    response_model=PaymentBatchRead,
    responses=problems(UnknownReference, NotPayable, NothingToPay),
    summary="Put payments into a batch",
)
async def create_payment_batch(
    body: PaymentBatchCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_BATCH),
) -> Any:
    """Put checked payments together, by their ids or by a filter. From now on they are paid with
    the batch; a payment is in one at a time."""
    row = await service.create_payment_batch(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/payment-batches/{row.id}"
    tag(response, row)
    return row


@router.post(
    f"{ONE}/issue",
    response_model=PaymentBatchRead,
    responses=problems(InvalidTransition, NotPayable),
    summary="Issue a payment batch",
)
async def issue_payment_batch(
    batch_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ISSUE_BATCH),
) -> Any:
    """Pay all of it: the payer is a third person to each payment, and the treasury's file is made,
    once and for all. Refused, naming each, while anything stands against one of the payments."""
    row = await service.issue_payment_batch(session, principal, batch_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/cancel",
    response_model=PaymentBatchRead,
    responses=problems(InvalidTransition),
    summary="Cancel a payment batch",
)
async def cancel_payment_batch(
    batch_id: UUID,
    body: PaymentBatchCancel,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(CANCEL_BATCH),
) -> Any:
    """Give up a draft for a reason; its payments may be paid otherwise. What was issued stays."""
    row = await service.cancel_payment_batch(session, batch_id, body.reason, expected)
    tag(response, row)
    return row


@router.get(ONE, response_model=PaymentBatchRead, summary="Read a payment batch")
async def get_payment_batch(
    batch_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_BATCH),
) -> Any:
    """With its totals, how much has which result, and the digest of its file."""
    row = await service.get_payment_batch(session, batch_id)
    tag(response, row)
    return row


@router.get(
    f"{ONE}/file",
    response_class=Response,
    responses=gives(CSV) | problems(NotFound),
    summary="Download the treasury's file",
)
async def get_payment_batch_file(
    batch_id: UUID,
    session: SessionDep,
    _: Principal = permitted(DOWNLOAD_BATCH),
) -> Response:
    """The file as it was issued, byte for byte, its SHA-256 in `ETag`. Who takes it is audited."""
    return await attachment(session, *await service.take_file(session, batch_id))


@router.get(f"{ONE}/lines", response_model=PaymentLinePage, summary="List the lines of a batch")
async def list_payment_lines(
    batch_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(LINE_SORT)],
    state: Annotated[AnyOf[LineState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_BATCH),
) -> Any:
    """The payments of a batch as they were issued, with what came of them. Those with
    `state=sent` are outstanding; `state` may be repeated."""
    return await service.list_payment_lines(
        session, principal, page, batch_id, states=state or (), updated_since=updated_since
    )


@router.get("/payment-batches", response_model=PaymentBatchPage, summary="List payment batches")
async def list_payment_batches(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    state: Annotated[AnyOf[BatchState] | None, Query()] = None,
    number: BatchNumber | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_BATCH),
) -> Any:
    """Batches, the oldest first, by state and number; `state` may be repeated."""
    wanted = BatchFilter(state or (), number, updated_since)
    return await repository.list_payment_batches(session, page, wanted)
