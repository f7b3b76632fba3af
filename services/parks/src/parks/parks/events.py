"""What is told about parks."""

from datetime import date
from typing import cast

from contracts.parks import LossReason, ParkChanged, ParkGradeLost, ParkGradeObtained

from parks.parks.models import Park, ParkGrade


def park_changed(park: Park) -> ParkChanged:
    return ParkChanged(
        park_code=park.code,
        name=park.name_zh,
        name_en=park.name_en,
        kind=park.kind,
        programme=park.programme,
    )


def grade_obtained(grade: ParkGrade, highest: str | None) -> ParkGradeObtained:
    """`highest` is what the park held on that day."""
    return ParkGradeObtained(
        park_code=grade.park_code,
        grade=grade.grade,
        obtained_on=grade.obtained_on,
        current_grade=highest,
    )


def grade_lost(grade: ParkGrade, lost_on: date, reason: str, left: str | None) -> ParkGradeLost:
    """`current_grade` is the one that is left."""
    return ParkGradeLost(
        park_code=grade.park_code,
        grade=grade.grade,
        lost_on=lost_on,
        reason=cast(LossReason, reason),
        current_grade=left,
    )
