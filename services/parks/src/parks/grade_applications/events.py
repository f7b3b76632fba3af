"""What is told about applications."""

from collections.abc import Sequence

from contracts.parks import GradeApplicationChanged

from parks.grade_applications.models import GradeApplication


def application_changed(row: GradeApplication, units: Sequence[str]) -> GradeApplicationChanged:
    return GradeApplicationChanged(
        application_id=row.id,
        park_code=row.park_code,
        grade=row.grade,
        state=row.state,
        document_no=row.document_no,
        concerned_units=tuple(units),
    )
