"""What is told about achievements."""

from collections.abc import Sequence
from typing import Any

from contracts.parks import AchievementChanged, AchievementRegistered

from parks.achievements.models import Achievement
from parks.returns.domain import UNIT


def told(row: Achievement, units: Sequence[str]) -> dict[str, Any]:
    names = (
        "title",
        "kind",
        "source_name",
        "enterprise_id",
        "amount",
        "transferred_on",
        "major",
        "programme",
        "contract_id",
        "state",
    )
    of_row = {name: getattr(row, name) for name in names}
    return {"achievement_id": row.id, "unit": UNIT, "concerned_units": tuple(units), **of_row}


def achievement_registered(row: Achievement, units: Sequence[str]) -> AchievementRegistered:
    return AchievementRegistered(**told(row, units))


def achievement_changed(row: Achievement, units: Sequence[str]) -> AchievementChanged:
    return AchievementChanged(**told(row, units))
