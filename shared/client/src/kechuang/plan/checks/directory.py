"""The directory is a forest, and each working group has its place in it."""

from collections.abc import Iterator

from kechuang.plan.errors import Finding, Path
from kechuang.plan.schema import Plan


def directory_rules(plan: Plan) -> Iterator[Finding]:
    yield from _cycles(plan)
    group_units = {unit.code for unit in plan.units if unit.kind == "working_group"}
    for i, group in enumerate(plan.working_groups):
        here: Path = ("working_groups", i)
        if group.code not in group_units:
            yield Finding((*here, "code"), "group_without_unit", {"given": group.code})
        if sum(member.role == "lead" for member in group.members) > 1:
            yield Finding((*here, "members"), "many_leads")
        seen: set[str] = set()
        for j, member in enumerate(group.members):
            if member.unit in seen:
                place: Path = (*here, "members", j, "unit")
                yield Finding(place, "duplicate_entry", {"given": member.unit})
            seen.add(member.unit)


def _cycles(plan: Plan) -> Iterator[Finding]:
    """One finding for each loop of parents, at the first of its units in the file."""
    parents = {unit.code: unit.parent for unit in plan.units}
    cleared: set[str] = set()
    for i, unit in enumerate(plan.units):
        trail: list[str] = []
        code: str | None = unit.code
        while code is not None and code not in cleared and code not in trail:
            trail.append(code)
            code = parents.get(code)
        if code is not None and code in trail:
            loop = [*trail[trail.index(code) :], code]
            yield Finding(("units", i, "parent"), "unit_cycle", {"given": " → ".join(loop)})
        cleared.update(trail)
