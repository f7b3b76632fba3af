"""Overdue reports as published events."""

from typing import Any

from contracts.targets import ProgressReportOverdue


def report_overdue(row: Any) -> ProgressReportOverdue:
    return ProgressReportOverdue(
        series=f"{row.indicator_code}/{row.unit_code}/{row.period}",
        indicator_code=row.indicator_code,
        unit_code=row.unit_code,
        period=row.period,
        due_on=row.due_on,
    )
