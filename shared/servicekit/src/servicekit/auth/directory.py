"""The service's copy of the unit tree, and the questions permissions ask of it.

The copy is fed by `unit.changed`. A unit may stand under several others: its superior and the
working groups it serves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from servicekit.auth.permissions import ANY, NONE, Permission, Relation
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.deferred import Deferred
from servicekit.problems import Forbidden

_UPSERT = """
INSERT INTO unit_node (code, name, kind, parents, active)
VALUES ($1::text, $2::text, $3::text, $4::text[], $5::boolean)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind,
  parents = excluded.parents, active = excluded.active
"""
_BELOW = """
WITH RECURSIVE below AS (
    SELECT $1::text AS code
    UNION
    SELECT u.code FROM unit_node u JOIN below b ON b.code = ANY(u.parents)
) SELECT code FROM below
"""
_RELATION = """
WITH RECURSIVE above(start, code) AS (
    SELECT start, start FROM unnest(ARRAY[$1::text, $2::text]) AS start
    UNION
    SELECT a.start, p FROM above a JOIN unit_node u ON u.code = a.code, unnest(u.parents) AS p
) SELECT EXISTS (SELECT FROM above WHERE start = $2 AND code = $1) AS child,
         EXISTS (SELECT FROM above WHERE start = $1 AND code = $2) AS parent
"""

_ACTIVE = """SELECT EXISTS (SELECT FROM unit_node WHERE code = $1 AND active)
  OR NOT EXISTS (SELECT FROM unit_node) AS active"""


async def upsert_unit(
    session: Session, *, code: str, name: str, kind: str, parents: Sequence[str], active: bool
) -> None:
    """Store a unit as the directory tells it."""
    values = (code, name, kind, list(parents), active)
    await session.write([Deferred(_UPSERT, values)])


async def relation(session: Session, caller: str | None, unit: str | None) -> Relation:
    """How `caller` stands to `unit`."""
    if caller is None or unit is None:
        return Relation.OTHER
    if caller == unit:
        return Relation.OWN
    row = await session.fetch_row(_RELATION, caller, unit)
    assert row is not None
    if row["child"]:
        return Relation.CHILD
    return Relation.PARENT if row["parent"] else Relation.OTHER


async def is_active(session: Session, unit: str | None) -> bool:
    """Whether somebody may act for this unit: an active one, or none. Before the first unit has
    been told, nothing can be said against any."""
    if unit is None:
        return True
    row = await session.fetch_row(_ACTIVE, unit)
    assert row is not None
    return row["active"]


async def require(
    session: Session, principal: Principal, permission: Permission, *units: str | None
) -> None:
    """Allow the caller by its relation to any one of `units` (none given: to no unit).

    Raises:
        Forbidden: no role of the caller has this permission in that relation.
    """
    allowed = permission.relations(principal)
    if allowed == ANY:
        return
    if allowed != NONE:
        for unit in units or (None,):
            if await relation(session, principal.unit, unit) & allowed:
                return
    raise Forbidden(permission=permission.name)


@dataclass(frozen=True, slots=True)
class Reach:
    """`require` for many objects: what the caller may do by each relation is known beforehand."""

    permission: str
    units: frozenset[str] | None
    """Whose objects; none for anybody's."""

    def require(self, *units: str | None) -> None:
        """Raises `Forbidden` unless the caller may do it to an object of any one of `units`."""
        if self.units is not None and self.units.isdisjoint(units):
            raise Forbidden(permission=self.permission)


async def reach(session: Session, principal: Principal, permission: Permission) -> Reach:
    """How far this permission of the caller reaches."""
    units = await visible_units(session, principal, permission)
    return Reach(permission.name, None if units is None else frozenset(units))


async def visible_units(
    session: Session, principal: Principal, permission: Permission
) -> list[str] | None:
    """The units whose objects the caller may see, or none for all of them."""
    allowed = permission.relations(principal)
    if allowed == ANY:
        return None
    if principal.unit is None:
        return []
    if Relation.CHILD in allowed:
        rows = await session.fetch(_BELOW, principal.unit)
        return [row["code"] for row in rows]
    return [principal.unit] if Relation.OWN in allowed else []
