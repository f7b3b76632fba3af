"""SQL of the acceptances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select

from funding.acceptances.models import Acceptance
from funding.awards.models import Award
from funding.disbursements.models import Disbursement

SORTABLE = {
    "id": Acceptance.id,
    "payee_unit": Acceptance.payee_unit,
    "updated_at": Acceptance.updated_at,
}


async def get(session: Session, acceptance_id: UUID) -> Acceptance | None:
    return await session.get(Acceptance, acceptance_id)


async def get_for_update(session: Session, acceptance_id: UUID) -> Acceptance | None:
    query = select(Acceptance).where(Acceptance.id == acceptance_id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return await session.scalar(query)


async def lock_overdue(session: Session, today: date) -> Sequence[Acceptance]:
    """The rectifications whose day is over and that are not marked, in the order of their ids."""
    row = Acceptance
    query = select(row).where(
        row.state == "rectification", row.rectify_by < today, row.overdue_on.is_(None)
    )
    query = query.order_by(row.id).with_for_update(key_share=True, skip_locked=True)
    return (await session.scalars(query)).all()


async def still_paid(session: Session, award_id: UUID) -> Sequence[Disbursement]:
    """The payments of an award that arrived and were not given back, the oldest first."""
    query = select(Disbursement).where(
        Disbursement.award_id == award_id,
        Disbursement.state == "succeeded",
        Disbursement.refunded < Disbursement.amount,
    )
    query = query.order_by(Disbursement.paid_on, Disbursement.id)
    return (await session.scalars(query)).all()


async def failed_of(session: Session, unit: str) -> list[tuple[str, date]]:
    """What a unit's failed acceptances were of, and their days, the latest first."""
    row = Acceptance
    query = select(Award.title, row.concluded_on).join(Award, Award.id == row.award_id)
    query = query.where(row.payee_unit == unit, row.state == "failed")
    found = await session.execute(query.order_by(row.concluded_on.desc(), row.id))
    return [(title, day) for title, day in found if day is not None]


@dataclass(frozen=True, slots=True)
class AcceptanceFilter:
    """`payees` are the units the caller may see, none for all; `expert` whose experts' only."""

    payees: Sequence[str] | None = None
    award_id: UUID | None = None
    payee_unit: str | None = None
    states: Sequence[str] = ()
    updated_since: datetime | None = None
    expert: str | None = None


async def list_acceptances(
    session: Session, page: PageRequest, wanted: AcceptanceFilter
) -> Page[Any]:
    row = Acceptance
    conditions = given(
        (wanted.payees, row.payee_unit.in_),
        (wanted.expert, lambda expert: row.experts.op("@>")(func.to_jsonb(expert))),
        (wanted.award_id, row.award_id.__eq__),
        (wanted.payee_unit, row.payee_unit.__eq__),
        (wanted.states or None, row.state.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
