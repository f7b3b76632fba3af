"""Row → published event."""

from contracts.supervision import AssessmentAppealRuled

from supervision.assessment_appeals.models import AssessmentAppeal


def appeal_ruled(row: AssessmentAppeal) -> AssessmentAppealRuled:
    return AssessmentAppealRuled(
        appeal_id=row.id,
        assessment_id=row.assessment_id,
        unit_code=row.unit_code,
        criterion_code=row.criterion_code,
        upheld=row.points is not None,
        points=row.points,
    )
