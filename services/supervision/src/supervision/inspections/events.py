"""Row → published event."""

from datetime import date

from contracts.supervision import (
    InspectionCompleted,
    InspectionMissed,
    InspectionRescheduled,
    InspectionSigned,
    InspectionWithdrawn,
)

from supervision.inspections.models import Inspection


def inspection_completed(row: Inspection) -> InspectionCompleted:
    return InspectionCompleted.model_validate(
        {
            "inspection_id": row.id,
            "period": row.period,
            "completed_on": row.completed_on,
            "findings": row.finding_count,
        }
    )


def inspection_rescheduled(row: Inspection, before: date, cause: str) -> InspectionRescheduled:
    return InspectionRescheduled.model_validate(
        {
            "inspection_id": row.id,
            "period": row.period,
            "scheduled_before": before,
            "scheduled_on": row.scheduled_on,
            "cause": cause,
            "reason": row.moved_reason if cause == "office" else None,
        }
    )


def inspection_withdrawn(row: Inspection) -> InspectionWithdrawn:
    return InspectionWithdrawn.model_validate(
        {"inspection_id": row.id, "period": row.period, "reason": row.withdrawn_reason}
    )


def inspection_missed(row: Inspection) -> InspectionMissed:
    return InspectionMissed(inspection_id=row.id, period=row.period, scheduled_on=row.scheduled_on)


def inspection_signed(row: Inspection, signed_by: str, digest: str) -> InspectionSigned:
    return InspectionSigned(
        inspection_id=row.id, period=row.period, signed_by=signed_by, digest=digest
    )
