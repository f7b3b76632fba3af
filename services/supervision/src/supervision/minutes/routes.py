"""What is settled before a meeting and kept after it, over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, PreconditionRequired

from supervision.meetings.schemas import MeetingRead
from supervision.minutes import service
from supervision.minutes.domain import MinutesConfirmed, RecorderConfirms
from supervision.minutes.schemas import MeetingUpdate
from supervision.permissions import ARRANGE_MEETING, CONFIRM_MINUTES

router = app.router("meetings")


@router.patch(
    "/meetings/{meeting_id}",
    response_model=MeetingRead,
    responses=problems(InvalidTransition, MinutesConfirmed, PreconditionRequired),
    summary="Prepare a meeting or correct its minutes",
)
async def update_meeting(
    meeting_id: UUID,
    body: MeetingUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ARRANGE_MEETING),
) -> Any:
    """Place and topics before the meeting; minutes and attendance after it, until the minutes are
    confirmed."""
    row = await service.update_meeting(session, principal, meeting_id, expected, body)
    tag(response, row)
    return row


@router.post(
    "/meetings/{meeting_id}/confirm",
    response_model=MeetingRead,
    responses=problems(InvalidTransition, MinutesConfirmed, RecorderConfirms),
    summary="Confirm the minutes",
)
async def confirm_meeting(
    meeting_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CONFIRM_MINUTES),
) -> Any:
    """The headquarters or somebody of the office who did not keep them; they do not change
    afterwards."""
    row = await service.confirm(session, principal, meeting_id, expected)
    tag(response, row)
    return row
