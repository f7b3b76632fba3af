"""SQL of the agreements. What is drawn of a tranche moves by conditional updates only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import delete, func, select, update

from funding.agreements.models import Agreement, Tranche

TRANCHE_SORT = {
    "id": Tranche.id,
    "number": Tranche.number,
    "due_on": Tranche.due_on,
    "updated_at": Tranche.updated_at,
}

SORTABLE = {
    "id": Agreement.id,
    "payee_unit": Agreement.payee_unit,
    "updated_at": Agreement.updated_at,
}


async def get(session: Session, agreement_id: UUID) -> Agreement | None:
    return await session.get(Agreement, agreement_id)


async def get_for_update(session: Session, agreement_id: UUID) -> Agreement | None:
    query = select(Agreement).where(Agreement.id == agreement_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def of_award(session: Session, award_id: UUID) -> Agreement | None:
    query = select(Agreement).where(Agreement.award_id == award_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def tranches_of(session: Session, agreement_id: UUID) -> list[Tranche]:
    query = select(Tranche).where(Tranche.agreement_id == agreement_id)
    return list(await session.scalars(query.order_by(Tranche.number)))


async def remove_tranches(session: Session, agreement_id: UUID) -> None:
    await session.execute(delete(Tranche).where(Tranche.agreement_id == agreement_id))


async def get_tranche(session: Session, agreement_id: UUID, tranche_id: UUID) -> Tranche | None:
    query = select(Tranche).filter_by(id=tranche_id, agreement_id=agreement_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def get_tranche_for_update(
    session: Session, agreement_id: UUID, tranche_id: UUID
) -> Tranche | None:
    query = select(Tranche).filter_by(id=tranche_id, agreement_id=agreement_id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return await session.scalar(query)


async def draw(session: Session, tranche_id: UUID, amount: Decimal, *conditions: Any) -> bool:
    """Move what is drawn of a tranche, back with a negative amount; false where it would be more
    than there is, or a condition does not hold."""
    total = Tranche.drawn + amount
    moved = await session.scalar(
        update(Tranche)
        .where(Tranche.id == tranche_id, total >= 0, total <= Tranche.amount, *conditions)
        .values(drawn=total, version=Tranche.version + 1, updated_at=func.clock_timestamp())
        .returning(Tranche.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """`payees` are the units the caller may see; none for all."""

    payees: Sequence[str] | None = None
    award_id: UUID | None = None
    payee_unit: str | None = None
    state: Sequence[str] | None = None
    updated_since: datetime | None = None


async def list_agreements(
    session: Session, page: PageRequest, wanted: AgreementFilter
) -> Page[Any]:
    row = Agreement
    conditions = given(
        (wanted.payees, row.payee_unit.in_),
        (wanted.award_id, row.award_id.__eq__),
        (wanted.payee_unit, row.payee_unit.__eq__),
        (wanted.state, row.state.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")


async def list_tranches(
    session: Session,
    page: PageRequest,
    agreement_id: UUID,
    state: Sequence[str] | None,
    updated_since: datetime | None,
) -> Page[Any]:
    row = Tranche
    conditions = given((state, row.state.in_), (updated_since, row.updated_at.__ge__))
    query = select(row).where(row.agreement_id == agreement_id, *conditions)
    return await fetch_page(session, query, page, sortable=TRANCHE_SORT, default="number")
