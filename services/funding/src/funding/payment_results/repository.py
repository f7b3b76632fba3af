"""SQL of the results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import context
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from funding.disbursements.domain import Outcome
from funding.payment_batches.models import PaymentLine
from funding.payment_results.models import PaymentResult

SORTABLE = {
    "id": PaymentResult.id,
    "recorded_at": PaymentResult.recorded_at,
    "updated_at": PaymentResult.recorded_at,
}


async def keep(
    session: Session, line: PaymentLine, batch_number: str, who: str, said: Mapping[str, Any]
) -> None:
    """Keep what was said of a line."""
    row = PaymentResult(
        batch_id=line.batch_id,
        batch_number=batch_number,
        line_id=line.id,
        line_number=line.number,
        disbursement_id=line.disbursement_id,
        amount=line.amount,
        outcome=Outcome(said["outcome"]).value,
        paid_on=said["paid_on"],
        reference=said["reference"],
        reason=said["reason"],
        recorded_by=who,
        request_id=context.current().request_id,
    )
    session.add(row)
    await session.flush()


async def of_line(session: Session, line_id: UUID) -> Sequence[PaymentResult]:
    """What was said of a line, the first first."""
    query = select(PaymentResult).where(PaymentResult.line_id == line_id)
    return (await session.scalars(query.order_by(PaymentResult.id))).all()


async def get(session: Session, result_id: UUID) -> PaymentResult | None:
    return await session.get(PaymentResult, result_id)


@dataclass(frozen=True, slots=True)
class ResultFilter:
    batch_id: UUID | None = None
    batch_number: str | None = None
    disbursement_id: UUID | None = None
    outcome: Sequence[Outcome] | None = None
    updated_since: datetime | None = None


async def list_payment_results(
    session: Session, page: PageRequest, wanted: ResultFilter
) -> Page[Any]:
    row = PaymentResult
    conditions = given(
        (wanted.batch_id, row.batch_id.__eq__),
        (wanted.batch_number, row.batch_number.__eq__),
        (wanted.disbursement_id, row.disbursement_id.__eq__),
        (wanted.outcome, row.outcome.in_),
        (wanted.updated_since, row.recorded_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
