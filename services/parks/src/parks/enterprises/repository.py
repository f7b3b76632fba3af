"""SQL of the enterprises."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.dialects.postgresql import array

from parks.db import LOCK
from parks.enterprises.models import Enterprise
from parks.parks import repository as parks
from parks.parks.models import Park

SORTABLE = {"name": str, "uscc": str, "updated_at": datetime, "id": UUID}
SELECT = """SELECT id, uscc, name, aliases, unit_code, park_code, declared_class, enterprise_class,
 above_scale, active, industry, merged_into, version, created_at, updated_at FROM enterprise"""
ANSWERED_FOR = """(unit_code = ANY(?) OR park_code IN
 (SELECT code FROM park WHERE administration_unit = ANY(?) OR jurisdictions && ?))"""
"""`answered_for` for the driver."""


# A duplicate stands for the enterprise it was merged into.
_KNOWN = """SELECT n.id AS named_id, n.uscc AS named_uscc, e.id, e.uscc, e.unit_code,
   p.administration_unit, p.jurisdictions
 FROM enterprise n JOIN enterprise e ON e.id = coalesce(n.merged_into, n.id)
 LEFT JOIN park p ON p.code = e.park_code
 WHERE n.id = ANY($1) OR n.uscc = ANY($2)"""
_NAMED = """SELECT uscc FROM enterprise WHERE name_keys @> ARRAY[$1::text] AND active
 AND uscc <> $2 LIMIT 1"""
_HOLDERS = """SELECT wanted.key, e.uscc FROM unnest($1::text[]) AS wanted (key)
 JOIN enterprise e ON e.name_keys @> ARRAY[wanted.key] AND e.active"""
_REGISTERED = "SELECT uscc FROM enterprise WHERE uscc = ANY($1)"
# Names are what two records of one enterprise have in common, or their place in the directory.
_DOUBLE = """active AND EXISTS (SELECT FROM enterprise o WHERE o.id <> enterprise.id AND o.active
 AND (o.name_keys && enterprise.name_keys OR o.unit_code = enterprise.unit_code))"""


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise and the units that answer for it."""

    id: UUID
    uscc: str
    units: tuple[str, ...]


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
    name_key: str | None = None
    industry: str | None = None
    """A section, a division or what lies below it."""
    duplicates: bool = False
    """Only those that share a name or a unit with another one."""
    updated_since: datetime | None = None


async def get(session: Session, enterprise_id: UUID) -> Enterprise | None:
    return await session.get(Enterprise, enterprise_id)


async def get_for_update(session: Session, enterprise_id: UUID) -> Enterprise | None:
    return await session.get(Enterprise, enterprise_id, with_for_update=LOCK)


async def code_of_name(session: Session, name_key: str, uscc: str) -> str | None:
    """The code of another active enterprise that has this name, or none."""
    row = await session.fetch_row(_NAMED, name_key, uscc)
    return row["uscc"] if row else None


async def codes_of_names(session: Session, name_keys: Collection[str]) -> dict[str, list[str]]:
    """The codes of the active enterprises that have these names."""
    found: dict[str, list[str]] = {}
    if name_keys:
        for row in await session.fetch(_HOLDERS, list(name_keys)):
            found.setdefault(row["key"], []).append(row["uscc"])
    return found


async def registered(session: Session, codes: Collection[str]) -> set[str]:
    """Which of these codes are taken."""
    return {row["uscc"] for row in await session.fetch(_REGISTERED, list(codes))}


async def find_known(
    session: Session, ids: Collection[UUID], codes: Collection[str]
) -> Mapping[UUID | str, Known]:
    """The enterprises with these ids or codes, by both."""
    found: dict[UUID | str, Known] = {}
    for row in await session.fetch(_KNOWN, list(ids), list(codes)):
        units = (row["unit_code"], row["administration_unit"], *(row["jurisdictions"] or ()))
        known = Known(row["id"], row["uscc"], tuple(dict.fromkeys(filter(None, units))))
        found[row["named_id"]] = found[row["named_uscc"]] = known
    return found


async def get_park(session: Session, enterprise: Enterprise) -> Park | None:
    return await parks.get(session, enterprise.park_code) if enterprise.park_code else None


def answered_for(units: Sequence[str]) -> ColumnElement[bool]:
    """The enterprises any of these units answers for: its own, and those of its parks."""
    return or_(
        Enterprise.unit_code.in_(units), Enterprise.park_code.in_(parks.codes_of_units(units))
    )


def meant_by(enterprise_id: UUID) -> Select[Any]:
    """Whose rows are asked for by this id: its own, and, of a duplicate, those of the enterprise it
    stands for. A subquery."""
    ids = func.unnest(array([Enterprise.id, Enterprise.merged_into]))
    return select(ids).where(Enterprise.id == enterprise_id)


async def list_enterprises(session: Session, page: PageRequest, wanted: Filter) -> dict[str, Any]:
    where = Conditions()
    if wanted.units is not None:
        where.add(ANSWERED_FOR, list(wanted.units))
    for column in ("uscc", "park_code", "unit_code", "active"):
        if (value := getattr(wanted, column)) is not None:
            where.add(f"{column} = ?", value)
    if wanted.name_key is not None:
        where.add("name_keys @> ARRAY[?::text]", wanted.name_key)
    if wanted.industry is not None:
        where.add("starts_with(industry, ?)", wanted.industry)
    if wanted.duplicates:
        where.parts.append(_DOUBLE)
    if wanted.enterprise_class:
        where.add("enterprise_class = ANY(?)", list(wanted.enterprise_class))
    if wanted.updated_since is not None:
        where.add("updated_at >= ?", wanted.updated_since)
    return await fetch_hot_page(session, SELECT, where, page, sortable=SORTABLE, default="name")
