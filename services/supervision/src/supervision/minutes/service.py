"""Preparing a meeting, correcting its record, confirming it."""

from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.messaging import outbox

from supervision.meetings import events
from supervision.meetings.models import Meeting
from supervision.meetings.service import note_attendance
from supervision.minutes import domain
from supervision.minutes.schemas import MeetingUpdate
from supervision.occurrences import repository as occurrences
from supervision.permissions import ARRANGE_MEETING, CONFIRM_MINUTES


async def update_meeting(
    session: Session,
    principal: Principal,
    meeting_id: UUID,
    expected: int | None,
    body: MeetingUpdate,
) -> Meeting:
    """Settle place and topics before a meeting, or correct its record until it is confirmed.

    Raises:
        InvalidTransition, MinutesConfirmed: it is not the time for it.
    """
    row = await occurrences.get_for_update(session, Meeting, meeting_id)
    await directory.require(session, principal, ARRANGE_MEETING)
    check_version(row, expected)
    wanted = body.model_dump(exclude_unset=True)
    confirmed = row.confirmed_by is not None
    domain.check_change(row.status, confirmed, frozenset(wanted))
    before = {name: getattr(row, name) for name in wanted}
    if before == wanted:
        return row
    for name in wanted.keys() - {"attendance"}:
        setattr(row, name, wanted[name])
    if "minutes" in wanted:
        row.minutes_by = None if row.minutes is None else principal.subject
    if "attendance" in wanted:
        note_attendance(row, body.attendance)
    row.touch()
    audit.record(session, "meetings.update", "meeting", row.id, before=before, after=wanted)
    await session.flush()
    return row


async def confirm(
    session: Session, principal: Principal, meeting_id: UUID, expected: int | None
) -> Meeting:
    """Somebody other than the recorder stands for the minutes; they do not change afterwards.

    Raises:
        InvalidTransition, MinutesConfirmed, RecorderConfirms.
    """
    row = await occurrences.get_for_update(session, Meeting, meeting_id)
    await directory.require(session, principal, CONFIRM_MINUTES)
    check_version(row, expected)
    confirmed = row.confirmed_by is not None
    domain.check_confirmation(row.status, confirmed, row.minutes_by, principal.subject)
    row.confirmed_by, row.confirmed_at = principal.subject, now()
    row.touch()
    audit.record(session, CONFIRM_MINUTES.name, "meeting", row.id)
    outbox.add(session, events.minutes_confirmed(row))
    await session.flush()
    return row
