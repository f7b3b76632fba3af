"""Row → published event."""

from contracts.supervision import AssessmentPublished

from supervision.assessments.models import Assessment


def assessment_published(row: Assessment) -> AssessmentPublished:
    assert row.published_on is not None
    assert row.appeal_until is not None
    return AssessmentPublished(
        assessment_id=row.id,
        title=row.title,
        period_start=row.period_start,
        period_end=row.period_end,
        published_on=row.published_on,
        appeal_until=row.appeal_until,
        concerned_units=(*row.units, *row.groups),
    )
