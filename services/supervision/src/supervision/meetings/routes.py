"""Meeting series, meetings and decisions over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Day, Moment, Period

from supervision.items.domain import DeadlineInThePast
from supervision.meetings import service
from supervision.meetings.domain import MeetingInTheFuture, MeetingStatus
from supervision.meetings.models import Meeting, MeetingSeries
from supervision.meetings.repository import DECISION_SORT
from supervision.meetings.schemas import (
    MeetingDecisionPage,
    MeetingHold,
    MeetingPage,
    MeetingRead,
    MeetingSeriesPage,
    MeetingSeriesPut,
    MeetingSeriesRead,
)
from supervision.occurrences import repository as occurrence_rows
from supervision.occurrences import service as occurrences
from supervision.occurrences.domain import DayOff, DayPassed
from supervision.occurrences.repository import OCCURRENCE_SORT, PLAN_SORT, OccurrenceFilter
from supervision.occurrences.schemas import OccurrenceMove, OccurrenceWithdraw
from supervision.permissions import (
    ARRANGE_MEETING,
    HOLD_MEETING,
    PUT_MEETING_SERIES,
    READ_DECISION,
    READ_MEETING,
    READ_MEETING_SERIES,
)

router = app.router("meetings")


@router.get("/meeting-series", response_model=MeetingSeriesPage, summary="List meeting series")
async def list_meeting_series(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(PLAN_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_MEETING_SERIES),
) -> Any:
    """Every standing meeting."""
    return await occurrence_rows.list_plans(session, page, MeetingSeries, updated_since)


@router.get(
    "/meeting-series/{code}", response_model=MeetingSeriesRead, summary="Read a meeting series"
)
async def get_meeting_series(
    code: Code,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_MEETING_SERIES),
) -> Any:
    """One standing meeting with its headings."""
    row = await occurrence_rows.get_plan(session, MeetingSeries, code)
    tag(response, row)
    return row


@router.put(
    "/meeting-series/{code}",
    response_model=MeetingSeriesRead,
    responses={201: {"model": MeetingSeriesRead, "description": "Made"}},
    summary="Make or replace a meeting series",
)
async def put_meeting_series(
    code: Code,
    body: MeetingSeriesPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUT_MEETING_SERIES),
) -> Any:
    """The office keeps a series under its code; its meetings for a year ahead follow it."""
    row, created = await service.put_series(session, principal, code, body, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/meeting-series/{code}"
    tag(response, row)
    return row


@router.get("/meetings", response_model=MeetingPage, summary="List meetings")
async def list_meetings(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(OCCURRENCE_SORT)],
    plan_code: Annotated[Code | None, Query(description="The series' code.")] = None,
    period: Period | None = None,
    missed: Annotated[
        bool | None, Query(description="Its day has passed without anything.")
    ] = None,
    status: Annotated[AnyOf[MeetingStatus] | None, Query()] = None,
    scheduled_gte: Day | None = None,
    scheduled_lte: Day | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_MEETING),
) -> Any:
    """Meetings held and to come, by day."""
    wanted = OccurrenceFilter(
        plan_code, period, status, missed, scheduled_gte, scheduled_lte, updated_since
    )
    return await occurrence_rows.list_occurrences(session, page, Meeting, wanted)


@router.get("/meetings/{meeting_id}", response_model=MeetingRead, summary="Read a meeting")
async def get_meeting(
    meeting_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_MEETING),
) -> Any:
    """One meeting."""
    row = await occurrence_rows.get(session, Meeting, meeting_id)
    tag(response, row)
    return row


@router.post(
    "/meetings/{meeting_id}/hold",
    response_model=MeetingRead,
    responses=problems(InvalidTransition, MeetingInTheFuture, DeadlineInThePast, UnknownReference),
    summary="Record that a meeting was held",
)
async def hold_meeting(
    meeting_id: UUID,
    body: MeetingHold,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(HOLD_MEETING),
) -> Any:
    """The office keeps minutes and decisions; decisions to be supervised become items."""
    row = await service.hold_meeting(session, principal, meeting_id, body, expected)
    tag(response, row)
    return row


@router.get("/meeting-decisions", response_model=MeetingDecisionPage, summary="List decisions")
async def list_meeting_decisions(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(DECISION_SORT)],
    meeting_id: UUID | None = None,
    responsible_unit: Code | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_DECISION),
) -> Any:
    """What meetings decided for the units the caller may see."""
    return await service.list_decisions(
        session,
        principal,
        page,
        meeting_id=meeting_id,
        responsible_unit=responsible_unit,
        updated_since=updated_since,
    )


@router.post(
    "/meetings/{meeting_id}/reschedule",
    response_model=MeetingRead,
    responses=problems(InvalidTransition, DayPassed, DayOff),
    summary="Move a planned meeting",
)
async def reschedule_meeting(
    meeting_id: UUID,
    body: OccurrenceMove,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ARRANGE_MEETING),
) -> Any:
    """To another workday, for a reason; also one whose day has passed. From then on only a day off
    moves it."""
    row = await service.reschedule_meeting(session, principal, meeting_id, expected, body)
    tag(response, row)
    return row


@router.post(
    "/meetings/{meeting_id}/withdraw",
    response_model=MeetingRead,
    responses=problems(InvalidTransition),
    summary="Withdraw a planned meeting",
)
async def withdraw_meeting(
    meeting_id: UUID,
    body: OccurrenceWithdraw,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ARRANGE_MEETING),
) -> Any:
    """It does not take place, for a reason that stays with it."""
    row = await occurrences.withdraw(
        session, service.KIND, principal, meeting_id, expected, body.reason
    )
    tag(response, row)
    return row
