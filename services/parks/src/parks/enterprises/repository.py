"""SQL of the enterprises."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import ColumnElement, Select, or_, select

from parks.db import LOCK
from parks.enterprises.models import Enterprise
from parks.parks import repository as parks
from parks.parks.models import Park

SORTABLE = {
    "name": Enterprise.name,
    "uscc": Enterprise.uscc,
    "updated_at": Enterprise.updated_at,
    "id": Enterprise.id,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of enterprises is narrowed by; empty means anything."""

    units: Sequence[str] | None = None
    """Only enterprises these units answer for, themselves or through the park; none for all."""
    uscc: str | None = None
    park_code: str | None = None
    unit_code: str | None = None
    enterprise_class: Sequence[str] = field(default=())
    active: bool | None = None
    updated_since: datetime | None = None


async def get(session: Session, enterprise_id: UUID) -> Enterprise | None:
    return await session.get(Enterprise, enterprise_id)


async def get_for_update(session: Session, enterprise_id: UUID) -> Enterprise | None:
    return await session.get(Enterprise, enterprise_id, with_for_update=LOCK)


async def get_park(session: Session, enterprise: Enterprise) -> Park | None:
    return await parks.get(session, enterprise.park_code) if enterprise.park_code else None


async def uscc_known(session: Session, uscc: str) -> bool:
    found = await session.scalar(select(Enterprise.id).where(Enterprise.uscc == uscc))
    return found is not None


def answered_for(units: Sequence[str]) -> ColumnElement[bool]:
    """The enterprises any of these units answers for: its own, and those of its parks."""
    return or_(
        Enterprise.unit_code.in_(units), Enterprise.park_code.in_(parks.codes_of_units(units))
    )


async def fetch(session: Session, page: PageRequest, wanted: Filter) -> Page:
    query: Select = select(Enterprise)
    if wanted.units is not None:
        query = query.where(answered_for(wanted.units))
    if wanted.uscc is not None:
        query = query.where(Enterprise.uscc == wanted.uscc)
    if wanted.park_code is not None:
        query = query.where(Enterprise.park_code == wanted.park_code)
    if wanted.unit_code is not None:
        query = query.where(Enterprise.unit_code == wanted.unit_code)
    if wanted.enterprise_class:
        query = query.where(Enterprise.enterprise_class.in_(wanted.enterprise_class))
    if wanted.active is not None:
        query = query.where(Enterprise.active == wanted.active)
    if wanted.updated_since is not None:
        query = query.where(Enterprise.updated_at >= wanted.updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="name")
