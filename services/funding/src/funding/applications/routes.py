"""HTTP of the applications."""

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
from servicekit.types import AnyOf, Code, Moment

from funding.applications import domain, service
from funding.applications.domain import ApplicationState
from funding.applications.repository import SORTABLE, ApplicationFilter
from funding.applications.schemas import (
    ApplicationCreate,
    ApplicationPage,
    ApplicationRead,
    ApplicationReason,
    ApplicationUpdate,
)
from funding.budgets.domain import SeparationOfDuties
from funding.permissions import (
    CREATE_APPLICATION,
    DECIDE_APPLICATION,
    READ_APPLICATION,
    SUBMIT_APPLICATION,
)

router = app.router("applications")
ONE = "/applications/{application_id}"


@router.post(
    "/applications",
    status_code=201,
    response_model=ApplicationRead,
    responses=problems(UnknownReference, domain.CallNotOpen),
    summary="Begin an application",
)
async def create_application(
    body: ApplicationCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_APPLICATION),
) -> Any:
    """A draft by the unit that applies; attachments are added to it, then it is submitted."""
    row = await service.create_application(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/applications/{row.id}"
    tag(response, row)
    return service.shown(principal, row)


@router.get("/applications", response_model=ApplicationPage, summary="List applications")
async def list_applications(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    call_id: UUID | None = None,
    applicant_unit: Code | None = None,
    state: Annotated[AnyOf[ApplicationState] | None, Query()] = None,
    eligible: bool | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_APPLICATION),
) -> Any:
    """Applications the caller may see, by call, unit, state and eligibility."""
    wanted = ApplicationFilter(None, call_id, applicant_unit, state or (), eligible, updated_since)
    return await service.list_applications(session, principal, page, wanted)


@router.get(ONE, response_model=ApplicationRead, summary="Read an application")
async def get_application(
    application_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_APPLICATION),
) -> Any:
    """One application; whom to call is shown to the office and to its own unit only."""
    row = await service.load(session, principal, READ_APPLICATION, application_id)
    tag(response, row)
    return service.shown(principal, row)


@router.patch(
    ONE,
    response_model=ApplicationRead,
    responses=problems(InvalidTransition, PreconditionRequired),
    summary="Change an application",
)
async def update_application(
    application_id: UUID,
    body: ApplicationUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CREATE_APPLICATION),
) -> Any:
    """Merge patch of a draft or a returned application by the unit it is of."""
    given = body.model_dump(exclude_unset=True)
    row = await service.update_application(session, principal, application_id, given, expected)
    tag(response, row)
    return service.shown(principal, row)


@router.post(
    f"{ONE}/submit",
    response_model=ApplicationRead,
    responses=problems(InvalidTransition, domain.CallNotOpen, domain.ApplicationIncomplete),
    summary="Submit an application",
)
async def submit_application(
    application_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SUBMIT_APPLICATION),
) -> Any:
    """Hand it in, or hand a returned one in again. It must be complete; each rule of the call is
    looked at, and what came of it is at `/eligibility-results`."""
    row = await service.submit_application(session, principal, application_id, expected)
    tag(response, row)
    return service.shown(principal, row)


@router.post(
    f"{ONE}/withdraw",
    response_model=ApplicationRead,
    responses=problems(InvalidTransition, domain.CallRanked),
    summary="Withdraw an application",
)
async def withdraw_application(
    application_id: UUID,
    body: ApplicationReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SUBMIT_APPLICATION),
) -> Any:
    """The unit takes it back for good, until the call is ranked."""
    row = await service.withdraw_application(
        session, principal, application_id, body.reason, expected
    )
    tag(response, row)
    return service.shown(principal, row)


@router.post(
    f"{ONE}/return",
    response_model=ApplicationRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Return an application",
)
async def return_application(
    application_id: UUID,
    body: ApplicationReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_APPLICATION),
) -> Any:
    """The office says what is missing; the unit may hand it in again until the call is ranked."""
    row = await service.return_application(
        session, principal, application_id, body.reason, expected
    )
    tag(response, row)
    return service.shown(principal, row)


@router.post(
    f"{ONE}/accept",
    response_model=ApplicationRead,
    responses=problems(InvalidTransition, SeparationOfDuties, domain.NotEligible),
    summary="Accept an application",
)
async def accept_application(
    application_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_APPLICATION),
) -> Any:
    """It is complete and its unit may apply: the experts can have it."""
    row = await service.accept_application(session, principal, application_id, expected)
    tag(response, row)
    return service.shown(principal, row)


@router.post(
    f"{ONE}/refuse",
    response_model=ApplicationRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Refuse an application",
)
async def refuse_application(
    application_id: UUID,
    body: ApplicationReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_APPLICATION),
) -> Any:
    """The office does not take it, for a reason and for good."""
    row = await service.refuse_application(
        session, principal, application_id, body.reason, expected
    )
    tag(response, row)
    return service.shown(principal, row)
