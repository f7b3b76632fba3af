"""Divided targets as published events."""

from contracts.targets import AssignmentChanged
from targets.assignments.models import Assignment
from targets.indicators.models import Indicator


def assignment_changed(row: Assignment, indicator: Indicator) -> AssignmentChanged:
    return AssignmentChanged(
        assignment_id=row.id,
        indicator_code=row.indicator_code,
        year=row.year,
        unit_code=row.unit_code,
        value=row.value,
        state=row.state,  # pyright: ignore[reportArgumentType]
        document_no=row.document_no,
        concerned_units=tuple(indicator.concerned_units),
    )
