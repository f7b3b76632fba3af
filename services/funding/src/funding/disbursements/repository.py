"""SQL of disbursements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.deferred import Deferred, numbered
from servicekit.http.hot_page import Conditions, fetch_hot_page, selection
from servicekit.http.paging import PageRequest
from sqlalchemy import func, select, update

from funding.disbursements.domain import STOPPABLE, DisbursementState
from funding.disbursements.models import Disbursement
from funding.disbursements.schemas import DisbursementRead

SORTABLE = {"id": UUID, "payee_unit": str, "updated_at": datetime}
_PAYMENTS = selection(DisbursementRead, "disbursement", held="held_by IS NOT NULL")

_LOOK = """SELECT d.*, (SELECT array_agg(item_number ORDER BY created_at, item_id)
 FROM payment_hold h WHERE h.payee_unit = d.payee_unit AND released_at IS NULL) AS held_items
 FROM disbursement d WHERE d.id = $1"""
# Of a payment that has moved on meanwhile this makes an amount that there cannot be. Constraints
# are looked at in the order of their names, and that of the amount is the first: whatever else such
# a payment would violate as well is not what is told.
_STEP = """UPDATE disbursement SET {changes}, updated_at = :updated_at, version = version + 1,
 state = :state, amount = CASE WHEN version = :known THEN amount ELSE -amount END
 WHERE id = :id RETURNING award_id, budget_id, amount"""
_AROUND = """SELECT EXISTS (SELECT FROM agreement WHERE award_id = $1) AS agreed,
 (SELECT item_id FROM payment_hold WHERE payee_unit = $2 AND released_at IS NULL
  ORDER BY created_at, item_id LIMIT 1) AS held_by"""
IS_CURRENT = "ck_disbursement_amount"
"""What refuses that amount."""
# Each of them reads from the one before, so that all lock in the order of everybody.
_ARRIVED = """UPDATE award SET requested = requested - step.amount, paid = paid + step.amount,
 version = version + 1, updated_at = clock_timestamp()
 FROM step WHERE award.id = step.award_id RETURNING award.id"""
_PAID = """UPDATE budget SET disbursed = disbursed + step.amount, version = version + 1,
 updated_at = clock_timestamp() FROM step, arrived WHERE budget.id = step.budget_id
 RETURNING budget.id, budget.fund_code, budget.fiscal_year"""


async def look(session: Session, disbursement_id: UUID) -> tuple[Disbursement, list[str]] | None:
    """The payment as it is now, and what holds its payee; neither locked nor of the session. It is
    written by `write_step` alone."""
    found = await session.fetch_row(_LOOK, disbursement_id)
    if found is None:
        return None
    values = dict(found)
    held = values.pop("held_items") or []
    return Disbursement(**values), held


async def around(session: Session, award_id: UUID, payee_unit: str) -> tuple[bool, UUID | None]:
    """Whether there is an agreement on the award, and what holds its payee first."""
    row = await session.fetch_row(_AROUND, award_id, payee_unit)
    assert row is not None, "a row of two questions"
    return row["agreed"], row["held_by"]


def write_step(session: Session, row: Disbursement, changed: Collection[str], known: int) -> None:
    """Write the changed columns with the last statement, on the version that was looked at; of any
    other the constraint `IS_CURRENT` refuses it."""
    columns = [name for name in changed if name != "state"]
    sql = _STEP.format(changes=", ".join(f"{name} = :{name}" for name in columns))
    values = {name: getattr(row, name) for name in (*columns, "state", "updated_at", "id")}
    session.defer(numbered(sql, values | {"known": known}, "step"))


def write_arrival(session: Session) -> None:
    """With a step: move its amount in award and budget line, as `line` for the journal. That they
    have so much is a constraint of each."""
    session.defer(Deferred(_ARRIVED, name="arrived"))
    session.defer(Deferred(_PAID, name="line"))


async def get(session: Session, disbursement_id: UUID) -> Disbursement | None:
    return await session.get(Disbursement, disbursement_id)


async def is_retried(session: Session, disbursement_id: UUID) -> bool:
    """Whether another payment, not rejected, tries this one again."""
    query = select(Disbursement.id).where(
        Disbursement.retry_of == disbursement_id, Disbursement.state != DisbursementState.REJECTED
    )
    return await session.scalar(query) is not None


async def get_for_update(session: Session, disbursement_id: UUID) -> Disbursement | None:
    query = (
        select(Disbursement)
        .where(Disbursement.id == disbursement_id)
        .with_for_update(key_share=True)
    )
    return await session.scalar(query)


async def get_fresh(session: Session, disbursement_id: UUID) -> Disbursement:
    """An existing payment as it is now."""
    return await session.get_one(Disbursement, disbursement_id, populate_existing=True)


async def refund(session: Session, disbursement_id: UUID, amount: Decimal) -> Disbursement | None:
    """Note `amount` yuan of a payment that arrived as given back; none if less is left of it."""
    total = Disbursement.refunded + amount
    statement = (
        update(Disbursement)
        .where(
            Disbursement.id == disbursement_id,
            Disbursement.state == DisbursementState.SUCCEEDED,
            total <= Disbursement.amount,
        )
        .values(refunded=total, version=Disbursement.version + 1, updated_at=func.clock_timestamp())
        .returning(Disbursement)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return await session.scalar(statement)


async def lock_stoppable(session: Session, payee_unit: str) -> Sequence[Disbursement]:
    """The payments to a unit that have not left yet, locked, in one order for everybody."""
    query = (
        select(Disbursement)
        .where(
            Disbursement.payee_unit == payee_unit,
            Disbursement.state.in_([state.value for state in STOPPABLE]),
        )
        .order_by(Disbursement.id)
        .with_for_update(key_share=True)
    )
    return (await session.scalars(query)).all()


@dataclass(frozen=True, slots=True)
class DisbursementFilter:
    """`payees` are the units the caller may see; none for all."""

    payees: Sequence[str] | None = None
    award_id: UUID | None = None
    fund_code: str | None = None
    fiscal_year: int | None = None
    payee_unit: str | None = None
    states: Sequence[DisbursementState] = ()
    held: bool | None = None
    batch_id: UUID | None = None
    retry_of: UUID | None = None
    updated_since: datetime | None = None


async def list_disbursements(
    session: Session, page: PageRequest, wanted: DisbursementFilter
) -> dict[str, Any]:
    where = Conditions()
    where.given(
        ("payee_unit = ANY(?)", wanted.payees),
        ("award_id = ?", wanted.award_id),
        ("fund_code = ?", wanted.fund_code),
        ("fiscal_year = ?", wanted.fiscal_year),
        ("payee_unit = ?", wanted.payee_unit),
        ("state = ANY(?)", wanted.states or None),
        ("(held_by IS NOT NULL) = ?", wanted.held),
        ("batch_id = ?", wanted.batch_id),
        ("retry_of = ?", wanted.retry_of),
        ("updated_at >= ?", wanted.updated_since),
    )
    return await fetch_hot_page(session, _PAYMENTS, where, page, sortable=SORTABLE, default="id")
