"""Agendas and drafts of work reports over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code

from supervision.agendas import service
from supervision.agendas.schemas import MeetingAgenda, WorkReportDraft
from supervision.permissions import FILE_WORK_REPORT, READ_AGENDA

router = app.router("meetings")


@router.get("/meetings/{meeting_id}/agenda", response_model=MeetingAgenda, summary="Read an agenda")
async def get_meeting_agenda(
    meeting_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_AGENDA),
) -> Any:
    """Who has not reported, what is open and overdue, which indicators are red, and the money, of
    the units called and those below them; as it was, once the meeting was held."""
    return await service.agenda_of(session, meeting_id)


@router.get(
    "/meetings/{meeting_id}/report-draft",
    response_model=WorkReportDraft,
    summary="Draft a unit's work report",
)
async def get_work_report_draft(
    meeting_id: UUID,
    session: SessionDep,
    unit_code: Annotated[Code, Query(examples=["group-4"])],
    principal: Principal = permitted(FILE_WORK_REPORT),
) -> Any:
    """The five headings with what targets, funding and parks have told of the unit and of those
    below it since the meeting before; the unit completes it and files it."""
    return await service.draft_report(session, principal, meeting_id, unit_code)
