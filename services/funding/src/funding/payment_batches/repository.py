"""SQL of payment batches. What came of their payments moves by conditional updates only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import Select, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from funding.disbursements.domain import DisbursementState, Outcome
from funding.disbursements.models import Disbursement
from funding.payee_accounts.models import PayeeAccount
from funding.payment_batches.domain import MOST_LINES, BatchState, LineState
from funding.payment_batches.models import BatchCounter, PaymentBatch, PaymentLine

SORTABLE = {
    "id": PaymentBatch.id,
    "number": PaymentBatch.number,
    "updated_at": PaymentBatch.updated_at,
}

LINE_SORT = {
    "id": PaymentLine.id,
    "number": PaymentLine.number,
    "updated_at": PaymentLine.updated_at,
}

# In the order of everybody, each kind by its ids: whoever books many results of a batch holds
# before the journal's counter what the next of them will want.
_LOCK_WHOLE = (
    "SELECT 1 FROM disbursement WHERE batch_id = :id ORDER BY id FOR NO KEY UPDATE",
    "SELECT 1 FROM payment_batch WHERE id = :id FOR NO KEY UPDATE",
    """SELECT 1 FROM award WHERE id IN (SELECT award_id FROM disbursement WHERE batch_id = :id)
 ORDER BY id FOR NO KEY UPDATE""",
    """SELECT 1 FROM budget WHERE id IN (SELECT budget_id FROM disbursement WHERE batch_id = :id)
 ORDER BY id FOR NO KEY UPDATE""",
)
_TITLES = "SELECT id, title FROM award WHERE id = ANY($1)"


async def next_number(session: Session, year: int) -> str:
    """The next number of the year, `ZF2026-0001`. Others wait for this transaction to end."""
    statement = insert(BatchCounter).values(year=year, last=1)
    last = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=[BatchCounter.year], set_={"last": BatchCounter.last + 1}
        ).returning(BatchCounter.last)
    )
    return f"ZF{year}-{last:04d}"


def _locked(query: Select[Disbursement]) -> Select[Disbursement]:
    """In one order for everybody: that of the ids, the oldest first."""
    return query.order_by(Disbursement.id).with_for_update(key_share=True)


async def lock_payments(session: Session, ids: Collection[UUID]) -> Sequence[Disbursement]:
    """These payments, as far as they exist."""
    query = _locked(select(Disbursement).where(Disbursement.id.in_(ids)))
    return (await session.scalars(query)).all()


async def lock_payable(
    session: Session, payer: str, wanted: Mapping[str, Any]
) -> Sequence[Disbursement]:
    """The oldest payments that this payer may pay and that are in no batch; a column of `wanted`
    that is none may be anything."""
    row = Disbursement
    account = select(PayeeAccount.id).where(
        PayeeAccount.payee_unit == row.payee_unit, PayeeAccount.state == "approved"
    )
    query = select(row).where(
        row.state == DisbursementState.CHECKED,
        row.batch_id.is_(None),
        row.held_by.is_(None),
        row.made_by != payer,
        row.checked_by != payer,
        account.exists(),
        *(getattr(row, name) == value for name, value in wanted.items() if value is not None),
    )
    return (await session.scalars(_locked(query).limit(MOST_LINES))).all()


async def lock_payments_of(session: Session, batch_id: UUID) -> Sequence[Disbursement]:
    query = _locked(select(Disbursement).where(Disbursement.batch_id == batch_id))
    return (await session.scalars(query)).all()


async def lock_whole(session: Session, batch_id: UUID) -> None:
    """Hold everything that results of this batch move, until the commit."""
    for statement in _LOCK_WHOLE:
        await session.execute(text(statement), {"id": batch_id})


async def titles_of(session: Session, awards: Collection[UUID]) -> dict[UUID, str]:
    return {row["id"]: row["title"] for row in await session.fetch(_TITLES, list(awards))}


async def get(session: Session, batch_id: UUID) -> PaymentBatch | None:
    return await session.get(PaymentBatch, batch_id)


async def get_for_update(session: Session, batch_id: UUID) -> PaymentBatch | None:
    query = select(PaymentBatch).where(PaymentBatch.id == batch_id)
    return await session.scalar(query.with_for_update(key_share=True))


async def by_number(session: Session, number: str) -> PaymentBatch | None:
    query = select(PaymentBatch).where(PaymentBatch.number == number)
    return await session.scalar(query.execution_options(populate_existing=True))


async def lines_of(session: Session, batch_id: UUID) -> Sequence[PaymentLine]:
    query = select(PaymentLine).where(PaymentLine.batch_id == batch_id)
    return (await session.scalars(query.order_by(PaymentLine.number))).all()


async def line_at(session: Session, batch_id: UUID, number: int) -> PaymentLine | None:
    query = select(PaymentLine).filter_by(batch_id=batch_id, number=number)
    return await session.scalar(query.execution_options(populate_existing=True))


async def settle_line(
    session: Session, batch_id: UUID, disbursement_id: UUID, values: Mapping[str, Any]
) -> PaymentLine:
    """Write what came of a payment beside its line; the payment is locked."""
    statement = (
        update(PaymentLine)
        .where(PaymentLine.batch_id == batch_id, PaymentLine.disbursement_id == disbursement_id)
        .values(version=PaymentLine.version + 1, updated_at=func.clock_timestamp(), **values)
        .returning(PaymentLine)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def count_result(
    session: Session, line: PaymentLine, outcome: Outcome, *, arrived: bool
) -> PaymentBatch:
    """Count the result of a line; it had `arrived` if that had been counted as succeeded."""
    row = PaymentBatch
    changes = {outcome: 1} | ({Outcome.SUCCEEDED: -1} if arrived else {})
    counts = {
        f"{one}_count": getattr(row, f"{one}_count") + change for one, change in changes.items()
    }
    totals = {
        f"{one}_total": getattr(row, f"{one}_total") + change * line.amount
        for one, change in changes.items()
    }
    known = row.succeeded_count + row.failed_count + row.returned_count
    statement = (
        update(row)
        .where(row.id == line.batch_id)
        .values(
            state=case(
                (known + sum(changes.values()) == row.count, BatchState.SETTLED.value),
                else_=BatchState.ISSUED.value,
            ),
            version=row.version + 1,
            updated_at=func.clock_timestamp(),
            **counts,
            **totals,
        )
        .returning(row)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return (await session.scalars(statement)).one()


@dataclass(frozen=True, slots=True)
class BatchFilter:
    state: Sequence[BatchState] = ()
    number: str | None = None
    updated_since: datetime | None = None


async def list_payment_batches(
    session: Session, page: PageRequest, wanted: BatchFilter
) -> Page[Any]:
    row = PaymentBatch
    conditions = given(
        ([state.value for state in wanted.state] or None, row.state.in_),
        (wanted.number, row.number.__eq__),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")


async def list_payment_lines(
    session: Session,
    page: PageRequest,
    batch_id: UUID,
    states: Sequence[LineState],
    updated_since: datetime | None,
) -> Page[Any]:
    row = PaymentLine
    conditions = given(
        ([state.value for state in states] or None, row.state.in_),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(row.batch_id == batch_id, *conditions)
    return await fetch_page(session, query, page, sortable=LINE_SORT, default="number")
