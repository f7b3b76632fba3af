"""SQL of the technology contracts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select

from parks.db import LOCK
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import answered_for
from parks.technology_contracts.models import TechnologyContract

SORTABLE = {
    "registered_on": TechnologyContract.registered_on,
    "amount": TechnologyContract.amount,
    "number": TechnologyContract.number,
    "updated_at": TechnologyContract.updated_at,
    "id": TechnologyContract.id,
}


async def get(session: Session, contract_id: UUID) -> TechnologyContract | None:
    return await session.get(TechnologyContract, contract_id)


async def get_for_update(session: Session, contract_id: UUID) -> TechnologyContract | None:
    return await session.get(TechnologyContract, contract_id, with_for_update=LOCK)


async def registered(session: Session, number: str) -> TechnologyContract | None:
    """The contract that is registered with this number, and was not cancelled."""
    row = TechnologyContract
    return await session.scalar(select(row).where(row.number == number, row.state == "registered"))


async def fetch(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    kind: Sequence[str],
    state: Sequence[str] | None,
    park_code: str | None,
    enterprise_id: UUID | None,
    registered_gte: date | None,
    registered_lte: date | None,
    updated_since: datetime | None,
) -> Page:
    row = TechnologyContract
    query: Select[Any] = select(row)
    if units is not None:
        query = query.join(Enterprise, Enterprise.id == row.enterprise_id)
        query = query.where(answered_for(units))
    if kind:
        query = query.where(row.kind.in_(kind))
    if state:
        query = query.where(row.state.in_(state))
    for column, value in (
        (row.park_code, park_code),
        (row.enterprise_id, enterprise_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if registered_gte is not None:
        query = query.where(row.registered_on >= registered_gte)
    if registered_lte is not None:
        query = query.where(row.registered_on <= registered_lte)
    if updated_since is not None:
        query = query.where(row.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-registered_on")
