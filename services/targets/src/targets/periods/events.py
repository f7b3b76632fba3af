"""Period rows as published events."""

from contracts import targets
from targets.periods.models import ReportingPeriod


def period_closed(row: ReportingPeriod) -> targets.PeriodClosed:
    return targets.PeriodClosed(period=row.period)
