"""Permissions: role × relation of the caller's unit to the object's unit.

Each service lists its own in one typed table, `permissions.py`; every operation declares one of
them (`Depends(permitted(…))`) or the service does not start. The relation is checked with the
object at hand (`require`) and by the same rule in lists and exports (`visible_units`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Flag, auto

from servicekit.auth.principal import Principal, Role


class Relation(Flag):
    """How the caller's unit stands to the object's unit."""

    OWN = auto()
    """the same unit"""
    CHILD = auto()
    """the object's unit stands below the caller's, or serves in the caller's working group"""
    PARENT = auto()
    """the object's unit stands above the caller's"""
    OTHER = auto()
    """neither, or the object belongs to no unit"""


OWN = Relation.OWN
BELOW = Relation.OWN | Relation.CHILD
ANY = Relation.OWN | Relation.CHILD | Relation.PARENT | Relation.OTHER
NONE = Relation(0)

READERS: Mapping[Role, Relation] = {
    Role.OFFICE: ANY,
    Role.LEADER: ANY,
    Role.AUDITOR: ANY,
    Role.SYSTEM: ANY,
}
"""Who may read everything of the programme; a table adds to it with `|`."""


@dataclass(frozen=True, slots=True)
class Permission:
    """`name` is `<resource>.<verb>`, which is also the scope a system client needs."""

    name: str
    rules: Mapping[Role, Relation] = field(default_factory=dict)

    def relations(self, principal: Principal) -> Relation:
        """Every relation in which this caller may do this, over all its roles."""
        allowed = NONE
        for role in principal.roles:
            if role is Role.SYSTEM and not self.in_scope(principal.scopes):
                continue
            allowed |= self.rules.get(role, NONE)
        return allowed

    def in_scope(self, scopes: frozenset[str]) -> bool:
        """A scope is the permission's name, `<resource>.*`, or `*.<verb>` such as `*.read`."""
        resource, _, verb = self.name.partition(".")
        return not scopes.isdisjoint((self.name, f"{resource}.*", f"*.{verb}", "*"))
