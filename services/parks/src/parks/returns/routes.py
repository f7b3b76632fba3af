"""Operating returns over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.imports.plain import Plain
from servicekit.problems import InvalidTransition, PreconditionRequired, UnknownReference
from servicekit.types import AnyOf, Code, Moment

from parks.enterprises.domain import (
    EnterpriseMerged,
    EnterprisesDiffer,
    EnterpriseUnnamed,
    InvalidUscc,
)
from parks.forms.domain import NotAsked
from parks.forms.schemas import ReturnPeriod
from parks.labels import LABELS
from parks.permissions import (
    ACCEPT_RETURN,
    CREATE_RETURN,
    READ_RETURN,
    RETURN_RETURN,
    SUBMIT_RETURN,
    UPDATE_RETURN,
)
from parks.quality.domain import ReturnNotSound
from parks.restatements import service as restatements
from parks.returns import service
from parks.returns.domain import (
    PLAIN,
    FilerMayNotDecide,
    FuturePeriod,
    InconsistentMeasures,
    ReturnExists,
)
from parks.returns.repository import SORTABLE
from parks.returns.schemas import (
    OperatingReturnCreate,
    OperatingReturnPage,
    OperatingReturnRead,
    OperatingReturnReject,
    OperatingReturnSubmit,
    OperatingReturnUpdate,
    ReturnCheck,
    ReturnState,
)

router = app.router("operating-returns")
ONE = "/operating-returns/{return_id}"


@router.get("/operating-returns", response_model=OperatingReturnPage, summary="List returns")
async def list_operating_returns(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    enterprise_id: UUID | None = None,
    park_code: Code | None = None,
    period: Annotated[list[ReturnPeriod] | None, Query()] = None,
    state: Annotated[AnyOf[ReturnState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_RETURN),
) -> Any:
    """The returns the caller may see, the latest month first."""
    return await service.list_returns(
        session,
        principal,
        page,
        enterprise_id=enterprise_id,
        park_code=park_code,
        period=period or [],
        state=state or [],
        updated_since=updated_since,
    )


@router.get(ONE, response_model=OperatingReturnRead, summary="One return")
async def get_operating_return(
    return_id: UUID,
    session: SessionDep,
    response: Response,
    known_at: Moment | None = None,
    principal: Principal = permitted(READ_RETURN),
) -> Any:
    """A return with its numbers and its state; with `known_at` an accepted one as its numbers were
    known at that moment, before later restatements."""
    if known_at is not None:
        return await restatements.get_as_known(session, principal, return_id, known_at)
    row = await service.get_return(session, principal, return_id)
    tag(response, row)
    return row


@router.get(
    f"{ONE}/check",
    response_model=ReturnCheck,
    responses=problems(NotAsked),
    summary="What the rules say of a return",
)
async def check_operating_return(
    return_id: UUID, session: SessionDep, principal: Principal = permitted(READ_RETURN)
) -> Any:
    """What its form and the rules would say if it were handed in as it stands; changes nothing."""
    return await service.check_return(session, principal, return_id)


@router.post(
    "/operating-returns",
    status_code=201,
    response_model=OperatingReturnRead,
    responses=problems(
        InvalidUscc,
        EnterpriseUnnamed,
        EnterprisesDiffer,
        UnknownReference,
        FuturePeriod,
        InconsistentMeasures,
        ReturnExists,
    ),
    summary="Draw up a return",
)
async def create_operating_return(
    body: OperatingReturnCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_RETURN),
) -> Any:
    """For the enterprise itself, its park, or the office. One per enterprise and
    period, which is a month, a quarter or a year."""
    row = await service.create_return(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/operating-returns/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_operating_return)
return_import = add_import(
    router,
    create_operating_return,
    labels=LABELS,
    create_many=service.create_returns,
    plain=Plain(PLAIN, service.create_plain_returns),
)


@router.patch(
    ONE,
    response_model=OperatingReturnRead,
    responses=problems(
        InvalidTransition, InconsistentMeasures, PreconditionRequired, EnterpriseMerged
    ),
    summary="Change a draft",
)
async def update_operating_return(
    return_id: UUID,
    body: OperatingReturnUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(UPDATE_RETURN),
) -> Any:
    """A merge patch of the numbers, while it is a draft or has been returned."""
    row = await service.update_return(session, principal, return_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/submit",
    response_model=OperatingReturnRead,
    responses=problems(InvalidTransition, NotAsked, ReturnNotSound, EnterpriseMerged),
    summary="Hand a return in",
)
async def submit_operating_return(
    return_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: OperatingReturnSubmit | None = None,
    principal: Principal = permitted(SUBMIT_RETURN),
) -> Any:
    """For the enterprise itself, its park, or the office. What a rule calls an error refuses it;
    what it warns of wants an explanation."""
    explanations = body.explanations if body else {}
    row = await service.submit_return(session, principal, return_id, explanations, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/accept",
    response_model=OperatingReturnRead,
    responses=problems(InvalidTransition, FilerMayNotDecide, EnterpriseMerged),
    summary="Accept a return",
)
async def accept_operating_return(
    return_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ACCEPT_RETURN),
) -> Any:
    """For the park's administration or the office, never the filer. Moves the park metrics."""
    row = await service.accept_return(session, principal, return_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/return",
    response_model=OperatingReturnRead,
    responses=problems(InvalidTransition, FilerMayNotDecide, EnterpriseMerged),
    summary="Give a return back",
)
async def return_operating_return(
    return_id: UUID,
    body: OperatingReturnReject,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(RETURN_RETURN),
) -> Any:
    """For the park's administration or the office, never the filer; with the reason."""
    row = await service.reject_return(session, principal, return_id, body.reason, expected)
    tag(response, row)
    return row
