"""What supervision hears of progress reports that do not come, and of those that come late."""

from contracts.targets import (
    ProgressReportOverdue,
    ProgressReportSubmitted,
    ProgressReportWithdrawn,
)
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from supervision.overdue_reports import service


async def on_report_overdue(session: Session, event: Received[ProgressReportOverdue]) -> None:
    it = event.data
    await service.open_case(
        session,
        it.series,
        unit=it.unit_code,
        what=f"指标 {it.indicator_code} {it.period} 进度填报",
        due_on=it.due_on,
        period=it.period,
    )


async def on_report_submitted(session: Session, event: Received[ProgressReportSubmitted]) -> None:
    """It came after all."""
    await service.note_handing_in(session, _series(event.data), event.time)


async def on_report_withdrawn(session: Session, event: Received[ProgressReportWithdrawn]) -> None:
    """It was taken back: nothing is there again."""
    await service.note_handing_in(session, _series(event.data), None)


def _series(it: ProgressReportSubmitted | ProgressReportWithdrawn) -> str:
    """As an overdue report is known by."""
    return f"{it.indicator_code}/{it.unit_code}/{it.period}"


SUBSCRIPTIONS = [
    Subscription(ProgressReportOverdue, on_report_overdue),
    Subscription(ProgressReportSubmitted, on_report_submitted),
    Subscription(ProgressReportWithdrawn, on_report_withdrawn),
]
