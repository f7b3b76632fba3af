"""Row → published event."""

from contracts.supervision import MeetingHeld

from supervision.meetings.models import Meeting


def meeting_held(row: Meeting) -> MeetingHeld:
    return MeetingHeld.model_validate(
        {"meeting_id": row.id, "period": row.period, "held_on": row.held_on}
    )
