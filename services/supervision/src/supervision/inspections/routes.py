"""Inspection plans and inspections over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, PreconditionRequired, UnknownReference
from servicekit.types import AnyOf, Code, Day, Moment, Period

from supervision.inspections import service
from supervision.inspections.domain import (
    InspectionStatus,
    NoSuchChecklist,
    NotOfTheTeam,
    NotYet,
)
from supervision.inspections.models import Inspection, InspectionPlan
from supervision.inspections.repository import FINDING_SORT
from supervision.inspections.schemas import (
    InspectionComplete,
    InspectionFindingPage,
    InspectionPage,
    InspectionPlanPage,
    InspectionPlanPut,
    InspectionPlanRead,
    InspectionPrepare,
    InspectionRead,
)
from supervision.items.domain import DeadlineInThePast
from supervision.occurrences import repository as occurrence_rows
from supervision.occurrences import service as occurrences
from supervision.occurrences.domain import DayOff, DayPassed
from supervision.occurrences.repository import OCCURRENCE_SORT, PLAN_SORT, OccurrenceFilter
from supervision.occurrences.schemas import OccurrenceMove, OccurrenceWithdraw
from supervision.permissions import (
    ARRANGE_INSPECTION,
    COMPLETE_INSPECTION,
    PUT_INSPECTION_PLAN,
    READ_FINDING,
    READ_INSPECTION,
    READ_INSPECTION_PLAN,
)

router = app.router("inspections")


@router.get("/inspection-plans", response_model=InspectionPlanPage, summary="List inspection plans")
async def list_inspection_plans(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(PLAN_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INSPECTION_PLAN),
) -> Any:
    """Every plan from which inspections are made."""
    return await occurrence_rows.list_plans(session, page, InspectionPlan, updated_since)


@router.get(
    "/inspection-plans/{code}", response_model=InspectionPlanRead, summary="Read an inspection plan"
)
async def get_inspection_plan(
    code: Code,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_INSPECTION_PLAN),
) -> Any:
    """One plan with its checklist."""
    row = await occurrence_rows.get_plan(session, InspectionPlan, code)
    tag(response, row)
    return row


@router.put(
    "/inspection-plans/{code}",
    response_model=InspectionPlanRead,
    responses={
        201: {"model": InspectionPlanRead, "description": "Made"},
        **problems(UnknownReference, NoSuchChecklist),
    },
    summary="Make or replace an inspection plan",
)
async def put_inspection_plan(
    code: Code,
    body: InspectionPlanPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUT_INSPECTION_PLAN),
) -> Any:
    """The office keeps a plan under its code; its inspections for a year ahead follow it."""
    row, created = await service.put_plan(session, principal, code, body, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/inspection-plans/{code}"
    tag(response, row)
    return row


@router.get("/inspections", response_model=InspectionPage, summary="List inspections")
async def list_inspections(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(OCCURRENCE_SORT)],
    plan_code: Code | None = None,
    period: Period | None = None,
    missed: Annotated[
        bool | None, Query(description="Its day has passed without anything.")
    ] = None,
    status: Annotated[AnyOf[InspectionStatus] | None, Query()] = None,
    scheduled_gte: Day | None = None,
    scheduled_lte: Day | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INSPECTION),
) -> Any:
    """Inspections done and to come, by day."""
    wanted = OccurrenceFilter(
        plan_code, period, status, missed, scheduled_gte, scheduled_lte, updated_since
    )
    return await occurrence_rows.list_occurrences(session, page, Inspection, wanted)


@router.get(
    "/inspections/{inspection_id}", response_model=InspectionRead, summary="Read an inspection"
)
async def get_inspection(
    inspection_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_INSPECTION),
) -> Any:
    """One inspection."""
    row = await occurrence_rows.get(session, Inspection, inspection_id)
    tag(response, row)
    return row


@router.get(
    "/inspections/{inspection_id}/findings",
    response_model=InspectionFindingPage,
    summary="List the findings of an inspection",
)
async def list_inspection_findings(
    inspection_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FINDING_SORT)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_FINDING),
) -> Any:
    """What was found at the units the caller may see."""
    return await service.list_findings(session, principal, inspection_id, page, updated_since)


@router.post(
    "/inspections/{inspection_id}/complete",
    response_model=InspectionRead,
    responses=problems(
        InvalidTransition, NotOfTheTeam, NotYet, UnknownReference, DeadlineInThePast
    ),
    summary="Complete an inspection",
)
async def complete_inspection(
    inspection_id: UUID,
    body: InspectionComplete,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(COMPLETE_INSPECTION),
) -> Any:
    """Somebody of the team, or the office, writes down what was found; what has to be put right
    becomes an item."""
    row = await service.complete_inspection(session, principal, inspection_id, body, expected)
    tag(response, row)
    return row


@router.patch(
    "/inspections/{inspection_id}",
    response_model=InspectionRead,
    responses=problems(InvalidTransition, UnknownReference, NoSuchChecklist, PreconditionRequired),
    summary="Prepare an inspection",
)
async def prepare_inspection(
    inspection_id: UUID,
    body: InspectionPrepare,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ARRANGE_INSPECTION),
) -> Any:
    """The office settles scope, team, place and checklist of one inspection before its day."""
    row = await service.prepare_inspection(session, principal, inspection_id, body, expected)
    tag(response, row)
    return row


@router.post(
    "/inspections/{inspection_id}/reschedule",
    response_model=InspectionRead,
    responses=problems(InvalidTransition, DayPassed, DayOff),
    summary="Move a planned inspection",
)
async def reschedule_inspection(
    inspection_id: UUID,
    body: OccurrenceMove,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ARRANGE_INSPECTION),
) -> Any:
    """To another workday, for a reason; also one whose day has passed. From then on only a day off
    moves it."""
    row = await occurrences.move(session, service.KIND, principal, inspection_id, expected, body)
    tag(response, row)
    return row


@router.post(
    "/inspections/{inspection_id}/withdraw",
    response_model=InspectionRead,
    responses=problems(InvalidTransition),
    summary="Withdraw a planned inspection",
)
async def withdraw_inspection(
    inspection_id: UUID,
    body: OccurrenceWithdraw,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ARRANGE_INSPECTION),
) -> Any:
    """It does not take place, for a reason that stays with it."""
    row = await occurrences.withdraw(
        session, service.KIND, principal, inspection_id, expected, body.reason
    )
    tag(response, row)
    return row
