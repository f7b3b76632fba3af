"""What is told about parks."""

from contracts.parks import ParkGradeObtained

from parks.parks.models import ParkGrade


def grade_obtained(grade: ParkGrade) -> ParkGradeObtained:
    return ParkGradeObtained(
        park_code=grade.park_code, grade=grade.grade, obtained_on=grade.obtained_on
    )
