"""Requests for plans over HTTP."""

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
from servicekit.types import AnyOf, Moment, Year

from supervision.items.domain import DeadlineInThePast
from supervision.permissions import ASK_FOR_PLANS, READ_PLAN_REQUEST
from supervision.plan_requests import repository, service
from supervision.plan_requests.domain import (
    NobodyAsked,
    PlanAsked,
    PlanKind,
    PlanRequestState,
    YearMismatch,
)
from supervision.plan_requests.repository import SORTABLE
from supervision.plan_requests.schemas import (
    PlanRequestCancel,
    PlanRequestCreate,
    PlanRequestPage,
    PlanRequestRead,
)

router = app.router("plan-requests")


@router.get("/plan-requests", response_model=PlanRequestPage, summary="List requests for plans")
async def list_plan_requests(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    kind: Annotated[AnyOf[PlanKind] | None, Query()] = None,
    year: Year | None = None,
    state: Annotated[AnyOf[PlanRequestState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PLAN_REQUEST),
) -> Any:
    """What was asked of whom, and until when."""
    return await repository.list_requests(
        session, page, kind=kind, year=year, state=state, updated_since=updated_since
    )


@router.post(
    "/plan-requests",
    response_model=PlanRequestRead,
    status_code=201,
    responses=problems(YearMismatch, DeadlineInThePast, UnknownReference, NobodyAsked, PlanAsked),
    summary="Ask units for a plan",
)
async def create_plan_request(
    body: PlanRequestCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(ASK_FOR_PLANS),
) -> Any:
    """The office asks for implementation plans or the annual work plans of a year; each unit finds
    its own among `/implementation-plans` or `/annual-work-plans`."""
    row = await service.ask(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/plan-requests/{row.id}"
    tag(response, row)
    return row


@router.get("/plan-requests/{request_id}", response_model=PlanRequestRead, summary="Read a request")
async def get_plan_request(
    request_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_PLAN_REQUEST),
) -> Any:
    """One request with the units it was sent to."""
    row = await repository.get(session, request_id)
    tag(response, row)
    return row


@router.post(
    "/plan-requests/{request_id}/cancel",
    response_model=PlanRequestRead,
    responses=problems(InvalidTransition),
    summary="Cancel a request",
)
async def cancel_plan_request(
    request_id: UUID,
    body: PlanRequestCancel,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ASK_FOR_PLANS),
) -> Any:
    """For a reason; what was handed in stays, what was not is not owed any more."""
    row = await service.cancel(session, principal, request_id, expected, body.reason)
    tag(response, row)
    return row
