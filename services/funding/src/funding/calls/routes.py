"""HTTP of the calls."""

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
from servicekit.types import AnyOf, Code, Moment, Year

from funding.budgets.domain import BudgetNotApproved
from funding.calls import repository, service
from funding.calls.domain import CallState
from funding.calls.repository import SORTABLE, CallFilter
from funding.calls.schemas import (
    FundingCallClose,
    FundingCallCreate,
    FundingCallPage,
    FundingCallRead,
    FundingCallUpdate,
)
from funding.fiscal_years.domain import YearClosed
from funding.permissions import CREATE_CALL, PUBLISH_CALL, READ_CALL

router = app.router("funding-calls")


@router.post(
    "/funding-calls",
    status_code=201,
    response_model=FundingCallRead,
    responses=problems(UnknownReference),
    summary="Draw up a call",
)
async def create_funding_call(
    body: FundingCallCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_CALL),
) -> Any:
    """A draft: what is funded, of whom applications are taken, and how they are judged."""
    call = await service.create_call(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/funding-calls/{call.id}"
    tag(response, call)
    return call


@router.get("/funding-calls", response_model=FundingCallPage, summary="List calls")
async def list_funding_calls(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    state: Annotated[AnyOf[CallState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CALL),
) -> Any:
    """Calls by fund, year and state."""
    wanted = CallFilter(fund_code, fiscal_year, state, updated_since)
    return await repository.list_calls(session, page, wanted)


@router.get("/funding-calls/{call_id}", response_model=FundingCallRead, summary="Read a call")
async def get_funding_call(
    call_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_CALL),
) -> Any:
    """One call with its rules, its criteria and its days."""
    call = await service.get_call(session, call_id)
    tag(response, call)
    return call


@router.patch(
    "/funding-calls/{call_id}",
    response_model=FundingCallRead,
    responses=problems(InvalidTransition, PreconditionRequired),
    summary="Change a call",
)
async def update_funding_call(
    call_id: UUID,
    body: FundingCallUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(CREATE_CALL),
) -> Any:
    """Merge patch of a draft; what was published stays as it is."""
    call = await service.update_call(session, call_id, body, expected)
    tag(response, call)
    return call


@router.post(
    "/funding-calls/{call_id}/publish",
    response_model=FundingCallRead,
    responses=problems(InvalidTransition, BudgetNotApproved, YearClosed),
    summary="Publish a call",
)
async def publish_funding_call(
    call_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUBLISH_CALL),
) -> Any:
    """From now on it is open from its first day to its last, both included."""
    call = await service.publish_call(session, principal, call_id, expected)
    tag(response, call)
    return call


@router.post(
    "/funding-calls/{call_id}/close",
    response_model=FundingCallRead,
    responses=problems(InvalidTransition),
    summary="Close a call early",
)
async def close_funding_call(
    call_id: UUID,
    body: FundingCallClose,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(PUBLISH_CALL),
) -> Any:
    """Take no more applications although its last day has not passed; a reason is given."""
    call = await service.close_call(session, call_id, body.reason, expected)
    tag(response, call)
    return call
