"""Restatements over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, PreconditionRequired
from servicekit.types import AnyOf, Moment

from parks.enterprises.domain import EnterpriseMerged
from parks.forms.domain import NotAsked
from parks.permissions import (
    ACCEPT_RESTATEMENT,
    READ_RETURN,
    REJECT_RESTATEMENT,
    RESTATE_RETURN,
)
from parks.quality.domain import ReturnNotSound
from parks.restatements import service
from parks.restatements.domain import NothingRestated, RestatementOpen, RestaterMayNotDecide
from parks.restatements.repository import SORTABLE
from parks.restatements.schemas import (
    RestatementState,
    ReturnRestatementCreate,
    ReturnRestatementPage,
    ReturnRestatementRead,
    ReturnRestatementReject,
)
from parks.returns.domain import InconsistentMeasures

router = app.router("operating-returns")
PATH = "/operating-returns/{return_id}/restatements"
ONE = f"{PATH}/{{restatement_id}}"


@router.get(PATH, response_model=ReturnRestatementPage, summary="Restatements of a return")
async def list_return_restatements(
    return_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    state: Annotated[AnyOf[RestatementState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_RETURN),
) -> Any:
    """What was corrected of an accepted return, the latest first."""
    return await service.list_restatements(
        session, principal, page, return_id, state=state or [], updated_since=updated_since
    )


@router.get(ONE, response_model=ReturnRestatementRead, summary="One restatement")
async def get_return_restatement(
    return_id: UUID,
    restatement_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_RETURN),
) -> Any:
    """The numbers before and after, and why."""
    row = await service.get_restatement(session, principal, return_id, restatement_id)
    tag(response, row)
    return row


@router.post(
    PATH,
    status_code=201,
    response_model=ReturnRestatementRead,
    responses=problems(
        InvalidTransition,
        PreconditionRequired,
        InconsistentMeasures,
        NotAsked,
        ReturnNotSound,
        NothingRestated,
        RestatementOpen,
        EnterpriseMerged,
    ),
    summary="Restate an accepted return",
)
async def restate_operating_return(
    return_id: UUID,
    body: ReturnRestatementCreate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(RESTATE_RETURN),
) -> Any:
    """For the enterprise itself, its park, or the office; based on the version of the return, whose
    numbers stand until the restatement is accepted."""
    row = await service.restate(session, principal, return_id, body, expected)
    response.headers["Location"] = f"{app.PREFIX}{PATH.format(return_id=return_id)}/{row.id}"
    tag(response, row)
    return row


@router.post(
    f"{ONE}/accept",
    response_model=ReturnRestatementRead,
    responses=problems(InvalidTransition, RestaterMayNotDecide, EnterpriseMerged),
    summary="Accept a restatement",
)
async def accept_return_restatement(
    return_id: UUID,
    restatement_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ACCEPT_RESTATEMENT),
) -> Any:
    """For the park's administration or the office, never who filed it. Moves the totals of the
    period and of the later months of its year, each with its event."""
    row = await service.accept_restatement(session, principal, return_id, restatement_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/reject",
    response_model=ReturnRestatementRead,
    responses=problems(InvalidTransition, RestaterMayNotDecide, EnterpriseMerged),
    summary="Reject a restatement",
)
async def reject_return_restatement(
    return_id: UUID,
    restatement_id: UUID,
    body: ReturnRestatementReject,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REJECT_RESTATEMENT),
) -> Any:
    """For the park's administration or the office, never who filed it; with the reason."""
    row = await service.reject_restatement(
        session, principal, return_id, restatement_id, body.reason, expected
    )
    tag(response, row)
    return row
