"""Conflict rows as published events."""

from contracts.targets import ConflictRuled
from targets.conflicts.models import PlanConflict


def conflict_ruled(row: PlanConflict) -> ConflictRuled:
    return ConflictRuled(
        conflict_code=row.code,
        subject_kind=row.subject_kind,
        subject_code=row.subject_code,
        position=row.ruled_position,
        ruling=row.ruling or "",
        document_no=row.document_no or "",
    )
