"""Row → published event."""

from collections.abc import Sequence
from datetime import date

from contracts.supervision import (
    MeetingHeld,
    MeetingMinutesConfirmed,
    MeetingMissed,
    MeetingReportsMissing,
    MeetingRescheduled,
    MeetingWithdrawn,
)

from supervision.meetings.models import Meeting


def meeting_held(row: Meeting) -> MeetingHeld:
    return MeetingHeld.model_validate(
        {"meeting_id": row.id, "period": row.period, "held_on": row.held_on}
    )


def meeting_rescheduled(row: Meeting, before: date, cause: str) -> MeetingRescheduled:
    return MeetingRescheduled.model_validate(
        {
            "meeting_id": row.id,
            "period": row.period,
            "scheduled_before": before,
            "scheduled_on": row.scheduled_on,
            "cause": cause,
            "reason": row.moved_reason if cause == "office" else None,
        }
    )


def meeting_withdrawn(row: Meeting) -> MeetingWithdrawn:
    return MeetingWithdrawn.model_validate(
        {"meeting_id": row.id, "period": row.period, "reason": row.withdrawn_reason}
    )


def meeting_missed(row: Meeting) -> MeetingMissed:
    return MeetingMissed(meeting_id=row.id, period=row.period, scheduled_on=row.scheduled_on)


def minutes_confirmed(row: Meeting) -> MeetingMinutesConfirmed:
    return MeetingMinutesConfirmed.model_validate(
        {"meeting_id": row.id, "period": row.period, "confirmed_by": row.confirmed_by}
    )


def reports_missing(row: Meeting, units: Sequence[str]) -> MeetingReportsMissing:
    return MeetingReportsMissing.model_validate(
        {
            "meeting_id": row.id,
            "period": row.period,
            "due_on": row.reports_due_on,
            "units": list(units),
        }
    )
