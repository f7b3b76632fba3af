"""SQL of the enterprises."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest
from sqlalchemy import ColumnElement, or_

from parks.db import LOCK
from parks.enterprises.models import Enterprise
from parks.parks import repository as parks
from parks.parks.models import Park

SORTABLE = {"name": str, "uscc": str, "updated_at": datetime, "id": UUID}
SELECT = """SELECT id, uscc, name, aliases, unit_code, park_code, declared_class, enterprise_class,
 above_scale, active, version, created_at, updated_at FROM enterprise"""
ANSWERED_FOR = """(unit_code = ANY(?) OR park_code IN
 (SELECT code FROM park WHERE administration_unit = ANY(?) OR jurisdictions && ?))"""
"""`answered_for` for the driver."""


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


def answered_for(units: Sequence[str]) -> ColumnElement[bool]:
    """The enterprises any of these units answers for: its own, and those of its parks."""
    return or_(
        Enterprise.unit_code.in_(units), Enterprise.park_code.in_(parks.codes_of_units(units))
    )


async def fetch(session: Session, page: PageRequest, wanted: Filter) -> dict[str, Any]:
    where = Conditions()
    if wanted.units is not None:
        where.add(ANSWERED_FOR, list(wanted.units))
    for column in ("uscc", "park_code", "unit_code", "active"):
        if (value := getattr(wanted, column)) is not None:
            where.add(f"{column} = ?", value)
    if wanted.enterprise_class:
        where.add("enterprise_class = ANY(?)", list(wanted.enterprise_class))
    if wanted.updated_since is not None:
        where.add("updated_at >= ?", wanted.updated_since)
    return await fetch_hot_page(session, SELECT, where, page, sortable=SORTABLE, default="name")
