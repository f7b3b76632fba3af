"""Requests for more time over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import AnyOf, Code, Moment

from supervision.deadlines import service
from supervision.deadlines.domain import (
    DeadlinePassed,
    ExtensionPending,
    ExtensionState,
    ExtensionsUsedUp,
    RequesterDecides,
)
from supervision.deadlines.repository import SORTABLE, Filters
from supervision.deadlines.schemas import (
    ExtensionDecision,
    ExtensionRefusal,
    ExtensionRequestCreate,
    ExtensionRequestPage,
    ExtensionRequestRead,
)
from supervision.permissions import (
    DECIDE_EXTENSION,
    READ_EXTENSION,
    REQUEST_EXTENSION,
    WITHDRAW_EXTENSION,
)

router = app.router("extension-requests")
NO_NOTE = ExtensionDecision()


@router.get(
    "/extension-requests", response_model=ExtensionRequestPage, summary="List extension requests"
)
async def list_extension_requests(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    item_id: UUID | None = None,
    responsible_unit: Code | None = None,
    state: Annotated[AnyOf[ExtensionState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_EXTENSION),
) -> Any:
    """Who asked for more time, and what became of it."""
    filters = Filters(item_id, responsible_unit, state or (), updated_since)
    return await service.list_requests(session, principal, page, filters)


@router.post(
    "/extension-requests",
    response_model=ExtensionRequestRead,
    status_code=201,
    responses=problems(InvalidTransition, ExtensionsUsedUp, ExtensionPending, DeadlinePassed),
    summary="Ask for more time",
)
async def create_extension_request(
    body: ExtensionRequestCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REQUEST_EXTENSION),
) -> Any:
    """The responsible unit asks for more workdays, before its deadline has passed; an item is
    extended twice at most."""
    row = await service.request_extension(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/extension-requests/{row.id}"
    tag(response, row)
    return row


@router.get(
    "/extension-requests/{request_id}",
    response_model=ExtensionRequestRead,
    summary="Read an extension request",
)
async def get_extension_request(
    request_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_EXTENSION),
) -> Any:
    """One request; its ETag is what every step needs as If-Match."""
    row = await service.get_request(session, principal, request_id)
    tag(response, row)
    return row


@router.post(
    "/extension-requests/{request_id}/approve",
    response_model=ExtensionRequestRead,
    responses=problems(InvalidTransition, RequesterDecides),
    summary="Approve an extension",
)
async def approve_extension_request(
    request_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: ExtensionDecision = NO_NOTE,
    principal: Principal = permitted(DECIDE_EXTENSION),
) -> Any:
    """The office moves the deadline; who asked does not decide."""
    row = await service.approve_extension(session, principal, request_id, expected, body.note)
    tag(response, row)
    return row


@router.post(
    "/extension-requests/{request_id}/reject",
    response_model=ExtensionRequestRead,
    responses=problems(InvalidTransition, RequesterDecides),
    summary="Reject an extension",
)
async def reject_extension_request(
    request_id: UUID,
    body: ExtensionRefusal,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_EXTENSION),
) -> Any:
    """The deadline stays as it is, for a reason."""
    row = await service.reject_extension(session, principal, request_id, expected, body.reason)
    tag(response, row)
    return row


@router.post(
    "/extension-requests/{request_id}/withdraw",
    response_model=ExtensionRequestRead,
    responses=problems(InvalidTransition),
    summary="Withdraw an extension request",
)
async def withdraw_extension_request(
    request_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WITHDRAW_EXTENSION),
) -> Any:
    """The unit needs no more time after all."""
    row = await service.withdraw_extension(session, principal, request_id, expected)
    tag(response, row)
    return row
