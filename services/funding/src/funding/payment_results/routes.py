"""HTTP of the results."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Moment

from funding.budgets.domain import LineIsDraft
from funding.disbursements.domain import AlreadyRefunded, Outcome, PaidOnMissing
from funding.fiscal_years.domain import NoOpenYear, YearClosed
from funding.labels import LABELS
from funding.payment_batches.schemas import BatchNumber
from funding.payment_results import domain, repository, service
from funding.payment_results.repository import SORTABLE, ResultFilter
from funding.payment_results.schemas import (
    PaymentResultCreate,
    PaymentResultPage,
    PaymentResultRead,
)
from funding.permissions import READ_RESULT, RECORD_RESULT

router = app.router("payment-results")


@router.post(
    "/payment-results",
    status_code=201,
    response_model=PaymentResultRead,
    responses=problems(
        UnknownReference,
        InvalidTransition,
        domain.UnlikeTheFile,
        domain.RowTwice,
        domain.OtherResult,
        PaidOnMissing,
        AlreadyRefunded,
        YearClosed,
        NoOpenYear,
        LineIsDraft,
    ),
    summary="Record what the treasury says of a line",
)
async def create_payment_result(
    body: PaymentResultCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(RECORD_RESULT),
) -> Any:
    """Settle a payment of an issued batch, as its own `result` does. The same result again changes
    nothing and is answered with 200."""
    row, is_new = await service.record_result(session, principal, body.model_dump())
    if not is_new:
        response.status_code = 200
    response.headers["Location"] = f"{app.PREFIX}/payment-results/{row.id}"
    return row


add_batch(router, create_payment_result)
result_import = add_import(router, create_payment_result, labels=LABELS, words=service.words)


@router.get(
    "/payment-results/{result_id}",
    response_model=PaymentResultRead,
    summary="Read what the treasury said",
)
async def get_payment_result(
    result_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_RESULT),
) -> Any:
    """One result of one line."""
    return await service.get_payment_result(session, result_id)


@router.get(
    "/payment-results",
    response_model=PaymentResultPage,
    summary="List what the treasury said",
)
async def list_payment_results(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    batch_id: UUID | None = None,
    batch_number: BatchNumber | None = None,
    disbursement_id: UUID | None = None,
    outcome: Annotated[AnyOf[Outcome] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_RESULT),
) -> Any:
    """Results as they were recorded, by batch, payment and outcome."""
    wanted = ResultFilter(batch_id, batch_number, disbursement_id, outcome, updated_since)
    return await repository.list_payment_results(session, page, wanted)
