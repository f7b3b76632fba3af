"""SQL of the technology contracts."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

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


async def list_contracts(
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
    conditions = given(
        (units, answered_for),
        (kind or None, row.kind.in_),
        (state or None, row.state.in_),
        (park_code, row.park_code.__eq__),
        (enterprise_id, row.enterprise_id.__eq__),
        (registered_gte, row.registered_on.__ge__),
        (registered_lte, row.registered_on.__le__),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    if units is not None:
        query = query.join(Enterprise, Enterprise.id == row.enterprise_id)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-registered_on")
