"""SQL of disbursements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.disbursements.domain import STOPPABLE, DisbursementState
from funding.disbursements.models import Disbursement


async def get(session: Session, disbursement_id: UUID) -> Disbursement | None:
    return await session.get(Disbursement, disbursement_id)


async def get_for_update(session: Session, disbursement_id: UUID) -> Disbursement | None:
    query = (
        select(Disbursement)
        .where(Disbursement.id == disbursement_id)
        .with_for_update(key_share=True)
    )
    return await session.scalar(query)


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
    updated_since: datetime | None = None


async def page_of(session: Session, page: PageRequest, wanted: DisbursementFilter) -> Page[Any]:
    row = Disbursement
    query = select(row)
    if wanted.payees is not None:
        query = query.where(row.payee_unit.in_(wanted.payees))
    if wanted.award_id is not None:
        query = query.where(row.award_id == wanted.award_id)
    if wanted.fund_code is not None:
        query = query.where(row.fund_code == wanted.fund_code)
    if wanted.fiscal_year is not None:
        query = query.where(row.fiscal_year == wanted.fiscal_year)
    if wanted.payee_unit is not None:
        query = query.where(row.payee_unit == wanted.payee_unit)
    if wanted.states:
        query = query.where(row.state.in_([state.value for state in wanted.states]))
    if wanted.held is not None:
        query = query.where(row.held_by.is_not(None) if wanted.held else row.held_by.is_(None))
    if wanted.updated_since is not None:
        query = query.where(row.updated_at >= wanted.updated_since)
    sortable = {"id": row.id, "payee_unit": row.payee_unit, "updated_at": row.updated_at}
    return await fetch_page(session, query, page, sortable=sortable, default="id")
