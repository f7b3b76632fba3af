"""Report rows as published events."""

from contracts.targets import (
    ProgressReportReturned,
    ProgressReportSubmitted,
    ProgressReportVerified,
    ProgressReportWithdrawn,
)
from targets.reports.models import ProgressReport


def report_submitted(row: ProgressReport) -> ProgressReportSubmitted:
    return ProgressReportSubmitted(
        report_id=row.id,
        indicator_code=row.indicator_code,
        unit_code=row.unit_code,
        period=row.period,
        value=row.value,
        late=row.late,
    )


def report_verified(row: ProgressReport) -> ProgressReportVerified:
    return ProgressReportVerified(
        report_id=row.id,
        indicator_code=row.indicator_code,
        unit_code=row.unit_code,
        period=row.period,
        value=row.value if row.adjusted_value is None else row.adjusted_value,
        reported_value=row.value,
    )


def report_returned(row: ProgressReport) -> ProgressReportReturned:
    return ProgressReportReturned(
        report_id=row.id,
        indicator_code=row.indicator_code,
        unit_code=row.unit_code,
        period=row.period,
        reason=row.return_reason or "",
    )


def report_withdrawn(row: ProgressReport) -> ProgressReportWithdrawn:
    return ProgressReportWithdrawn(
        report_id=row.id,
        indicator_code=row.indicator_code,
        unit_code=row.unit_code,
        period=row.period,
        reason=row.withdrawal_reason or "",
    )
