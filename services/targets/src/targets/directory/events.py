"""Directory rows as published events."""

from contracts.targets import UnitChanged
from targets.directory.models import Unit


def unit_changed(unit: Unit, parents: list[str]) -> UnitChanged:
    return UnitChanged(
        unit_code=unit.code,
        name=unit.name_zh,
        kind=unit.kind,
        parent_codes=tuple(parents),
        active=unit.active,
    )
