"""Row → published event."""

from contracts.supervision import InspectionCompleted

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
