"""Role × relation for what the services publish: the rules they document, applied here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from servicekit.auth.permissions import ANY, NONE, Permission, Relation
from servicekit.auth.principal import Principal, Role
from servicekit.problems import Unavailable

Rules = Mapping[str, Permission]
"""Every permission by its name."""

_ROLES = {role.value: role for role in Role}
_RELATIONS = {(one.name or "").lower(): one for one in ANY}


class RulesUnknown(Unavailable):
    """Not every service has told its permissions yet, so nothing is shown."""

    code = "permissions_unknown"
    zh = "尚未取得全部服务的权限规则，请稍后重试"
    en = "Not every service has told its permissions yet; try again"


def read_rules(documented: Mapping[str, Mapping[str, Sequence[str]]]) -> Rules:
    """The rules as a document's `x-permissions` tells them. A role or relation that is not known
    here grants nothing."""
    return {
        name: Permission(
            name, {_ROLES[role]: _union(found) for role, found in rules.items() if role in _ROLES}
        )
        for name, rules in documented.items()
    }


def _union(names: Sequence[str]) -> Relation:
    found = NONE
    for name in names:
        found |= _RELATIONS.get(name, NONE)
    return found


@dataclass(frozen=True, slots=True)
class Sight:
    """What one caller may see: the relations each permission allows it, and the units that stand
    below and above its own."""

    allowed: Mapping[str, Relation]
    own: str | None = None
    below: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()

    def sees(self, permission: str | None, units: Sequence[str]) -> bool:
        """Whether the caller's relation to any one of `units` (none: to no unit) is enough."""
        allowed = self.allowed.get(permission or "", NONE)
        if allowed in (ANY, NONE):
            return allowed == ANY
        return any(self.relation(unit) in allowed for unit in units or (None,))

    def relation(self, unit: str | None) -> Relation:
        if unit is None or self.own is None:
            return Relation.OTHER
        if unit == self.own:
            return Relation.OWN
        if unit in self.below:
            return Relation.CHILD
        return Relation.PARENT if unit in self.above else Relation.OTHER

    def by_relation(self) -> Mapping[Relation, list[str]]:
        """The permissions by what they allow, those that allow nothing left out."""
        grouped: dict[Relation, list[str]] = {}
        for name, allowed in sorted(self.allowed.items()):
            if allowed != NONE:
                grouped.setdefault(allowed, []).append(name)
        return grouped

    def units(self, allowed: Relation) -> list[str]:
        """The units that stand in one of these relations, `OTHER` left aside."""
        found: set[str] = set()
        if self.own is not None:
            found |= {self.own} if Relation.OWN in allowed else set()
            found |= self.below - {self.own} if Relation.CHILD in allowed else set()
            found |= self.above - self.below - {self.own} if Relation.PARENT in allowed else set()
        return sorted(found)


def covers(caller: Principal, other: Principal, rules: Rules, names: Iterable[str]) -> bool:
    """Whether the caller sees all that the other one sees of what has these permissions."""
    near = caller.unit is not None and caller.unit == other.unit
    for permission in (rules[name] for name in names if name in rules):
        has, needs = permission.relations(caller), permission.relations(other)
        if needs != NONE and has != ANY and not (near and needs in has):
            return False
    return True


def allowed_to(principal: Principal, rules: Rules) -> dict[str, Relation]:
    """What each permission allows this caller."""
    return {name: permission.relations(principal) for name, permission in rules.items()}
