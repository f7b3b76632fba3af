"""SQL of payment holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page, selection
from servicekit.http.paging import PageRequest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from funding.holds.models import PaymentHold
from funding.holds.schemas import PaymentHoldRead

SORTABLE = {"item_id": UUID, "payee_unit": str, "due_on": date, "updated_at": datetime}
_HOLDS = selection(PaymentHoldRead, "payment_hold")

_OPEN = """SELECT payee_unit, array_agg(item_number ORDER BY created_at, item_id) AS numbers
 FROM payment_hold WHERE payee_unit = ANY($1) AND released_at IS NULL GROUP BY payee_unit"""


async def lock_payee(session: Session, unit: str, *, shared: bool = False) -> None:
    """Until the commit: a new payment (shared) and a new hold of one payee see each other."""
    function = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    key = func.hashtextextended("payee:" + unit, 0)
    await session.execute(select(function(key)))


async def insert_if_missing(session: Session, values: dict[str, Any]) -> bool:
    statement = insert(PaymentHold).values(**values).on_conflict_do_nothing()
    return await session.scalar(statement.returning(PaymentHold.item_id)) is not None


async def get_for_update(session: Session, item_id: UUID) -> PaymentHold | None:
    query = select(PaymentHold).where(PaymentHold.item_id == item_id)
    return await session.scalar(query.with_for_update(key_share=True))


async def open_of(session: Session, unit: str) -> Sequence[PaymentHold]:
    """What holds payments to this unit now, the oldest first."""
    query = (
        select(PaymentHold)
        .where(PaymentHold.payee_unit == unit, PaymentHold.released_at.is_(None))
        .order_by(PaymentHold.created_at, PaymentHold.item_id)
    )
    return (await session.scalars(query)).all()


async def open_numbers(session: Session, units: Collection[str]) -> dict[str, list[str]]:
    """The numbers of the items that hold each of these units, of those that are held."""
    return {row["payee_unit"]: row["numbers"] for row in await session.fetch(_OPEN, list(units))}


@dataclass(frozen=True, slots=True)
class HoldFilter:
    """`payees` are the units the caller may see; none for all."""

    payees: Sequence[str] | None = None
    payee_unit: str | None = None
    is_open: bool | None = None
    updated_since: datetime | None = None


async def list_payment_holds(
    session: Session, page: PageRequest, wanted: HoldFilter
) -> dict[str, Any]:
    where = Conditions()
    where.given(
        ("payee_unit = ANY(?)", wanted.payees),
        ("payee_unit = ?", wanted.payee_unit),
        ("updated_at >= ?", wanted.updated_since),
    )
    if wanted.is_open is not None:
        where.parts.append(f"released_at IS {'' if wanted.is_open else 'NOT '}NULL")
    return await fetch_hot_page(
        session, _HOLDS, where, page, sortable=SORTABLE, default="item_id", key="item_id"
    )
