"""HTTP of the objections."""

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
from servicekit.types import AnyOf, Moment

from funding.budgets.domain import SeparationOfDuties
from funding.objections import service
from funding.objections.domain import NoticeOver, ObjectionState
from funding.objections.repository import SORTABLE, ObjectionFilter
from funding.objections.schemas import (
    ObjectionCreate,
    ObjectionPage,
    ObjectionRead,
    ObjectionSettlement,
)
from funding.permissions import RAISE_OBJECTION, READ_OBJECTION, SETTLE_OBJECTION

router = app.router("objections")


@router.post(
    "/objections",
    status_code=201,
    response_model=ObjectionRead,
    responses=problems(UnknownReference, NoticeOver),
    summary="Object to a public notice",
)
async def create_objection(
    body: ObjectionCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(RAISE_OBJECTION),
) -> Any:
    """By a unit, with its reason, until the end of the notice's last day."""
    row = await service.raise_objection(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/objections/{row.id}"
    tag(response, row)
    return row


@router.get("/objections", response_model=ObjectionPage, summary="List objections")
async def list_objections(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    notice_id: UUID | None = None,
    call_id: UUID | None = None,
    application_id: UUID | None = None,
    state: Annotated[AnyOf[ObjectionState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_OBJECTION),
) -> Any:
    """Objections the caller may see: the office all of them, a unit its own."""
    wanted = ObjectionFilter(None, notice_id, call_id, application_id, state, updated_since)
    return await service.list_objections(session, principal, page, wanted)


@router.get("/objections/{objection_id}", response_model=ObjectionRead, summary="Read an objection")
async def get_objection(
    objection_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_OBJECTION),
) -> Any:
    """One objection with its answer."""
    row = await service.get_objection(session, principal, objection_id)
    tag(response, row)
    return row


@router.post(
    "/objections/{objection_id}/settle",
    response_model=ObjectionRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Settle an objection",
)
async def settle_objection(
    objection_id: UUID,
    body: ObjectionSettlement,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SETTLE_OBJECTION),
) -> Any:
    """The office answers it; upheld, it strikes the application it is about off the list."""
    row = await service.settle_objection(
        session,
        principal,
        objection_id,
        upheld=body.upheld,
        answer=body.answer,
        expected=expected,
    )
    tag(response, row)
    return row
