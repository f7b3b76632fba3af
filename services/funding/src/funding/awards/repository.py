"""SQL of awards. Totals move by conditional updates only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import case, func, select, update

from funding.awards.models import Award

SORTABLE = {"id": Award.id, "payee_unit": Award.payee_unit, "updated_at": Award.updated_at}

_REQUEST = """UPDATE award SET requested = requested + $2, version = version + 1,
 updated_at = clock_timestamp()
 WHERE id = $1 AND state = 'granted' AND requested + $2 + paid <= amount
 RETURNING budget_id, fund_code, fiscal_year, payee_unit"""

_BEING_ACCEPTED = """SELECT EXISTS (SELECT FROM acceptance
 WHERE award_id = $1 AND state IN ('submitted', 'rectification')) AS found"""


async def get(session: Session, award_id: UUID) -> Award | None:
    return await session.get(Award, award_id, populate_existing=True)


async def get_for_update(session: Session, award_id: UUID) -> Award | None:
    query = select(Award).where(Award.id == award_id).with_for_update(key_share=True)
    return await session.scalar(query)


async def is_being_accepted(session: Session, award_id: UUID) -> bool:
    """Whether its acceptance was handed in and has no conclusion; the award's lock keeps one from
    being handed in."""
    row = await session.fetch_row(_BEING_ACCEPTED, award_id)
    return row is not None and row["found"]


async def is_known_payee(session: Session, unit: str) -> bool:
    """Whether the directory has this unit and it is active."""
    row = await session.fetch_row("SELECT active FROM unit_node WHERE code = $1", unit)
    return row is not None and row["active"]


async def _move(session: Session, award_id: UUID, *conditions: Any, **totals: Any) -> Award | None:
    statement = (
        update(Award)
        .where(Award.id == award_id, *conditions)
        .values(version=Award.version + 1, updated_at=func.clock_timestamp(), **totals)
        .returning(Award)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return await session.scalar(statement)


async def request(session: Session, award_id: UUID, amount: Decimal) -> asyncpg.Record | None:
    """Reserve `amount` yuan for a payment; none unless so much is left of a granted award. Answers
    what a payment takes over of it; a transaction has begun."""
    return await (await session.driver()).fetchrow(_REQUEST, award_id, amount)


async def payee_of(session: Session, award_id: UUID) -> str | None:
    """The unit that it was granted to, if there is such an award; it never changes."""
    row = await session.fetch_row("SELECT payee_unit FROM award WHERE id = $1", award_id)
    return row["payee_unit"] if row else None


async def release(session: Session, award_id: UUID, amount: Decimal) -> Award | None:
    """Take a reservation back."""
    total = Award.requested - amount
    return await _move(session, award_id, total >= 0, requested=total)


async def settle(session: Session, award_id: UUID, amount: Decimal) -> Award | None:
    """A reserved payment has arrived."""
    left = Award.requested - amount
    return await _move(session, award_id, left >= 0, requested=left, paid=Award.paid + amount)


async def take_back(session: Session, award_id: UUID, amount: Decimal) -> Award | None:
    """A payment that had arrived came back; a closed award does not pay it again."""
    total = Award.paid - amount
    released = case((Award.state == "closed", Award.released + amount), else_=Award.released)
    return await _move(session, award_id, total >= Award.refunded, paid=total, released=released)


async def refund(session: Session, award_id: UUID, amount: Decimal) -> Award | None:
    """The payee gave `amount` yuan of what was paid back."""
    total = Award.refunded + amount
    return await _move(session, award_id, total <= Award.paid, refunded=total)


async def move_to(
    session: Session, award_id: UUID, budget_id: UUID, fiscal_year: int
) -> Award | None:
    """Let another line pay what is left of it."""
    return await _move(session, award_id, budget_id=budget_id, fiscal_year=fiscal_year)


async def lock_of_year(session: Session, year: int) -> Sequence[Award]:
    """The granted awards that a year's lines pay, locked in the order of their ids."""
    query = select(Award).where(Award.fiscal_year == year, Award.state == "granted")
    query = query.order_by(Award.id).with_for_update(key_share=True)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def count_of_year(session: Session, year: int) -> int:
    """How many granted awards a year's lines pay."""
    query = select(func.count()).select_from(Award)
    query = query.where(Award.fiscal_year == year, Award.state == "granted")
    return await session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class AwardFilter:
    """`payees` are the units the caller may see; none for all."""

    payees: Sequence[str] | None = None
    budget_id: UUID | None = None
    fund_code: str | None = None
    fiscal_year: int | None = None
    payee_unit: str | None = None
    kind: Sequence[str] | None = None
    state: Sequence[str] | None = None
    updated_since: datetime | None = None


async def list_awards(session: Session, page: PageRequest, wanted: AwardFilter) -> Page[Any]:
    conditions = given(
        (wanted.payees, Award.payee_unit.in_),
        (wanted.budget_id, Award.budget_id.__eq__),
        (wanted.fund_code, Award.fund_code.__eq__),
        (wanted.fiscal_year, Award.fiscal_year.__eq__),
        (wanted.payee_unit, Award.payee_unit.__eq__),
        (wanted.kind, Award.kind.in_),
        (wanted.state, Award.state.in_),
        (wanted.updated_since, Award.updated_at.__ge__),
    )
    query = select(Award).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
