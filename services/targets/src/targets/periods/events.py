"""Period rows as published events."""

from contracts import targets
from targets.periods.models import ReportingPeriod


def period_closed(row: ReportingPeriod) -> targets.PeriodClosed:
    return targets.PeriodClosed(period=row.period)


def period_reopened(row: ReportingPeriod, reason: str) -> targets.PeriodReopened:
    return targets.PeriodReopened(period=row.period, reason=reason)
