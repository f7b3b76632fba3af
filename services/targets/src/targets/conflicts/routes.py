"""HTTP of the plan's conflicts."""

from typing import Annotated, Any

from fastapi import Depends, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import read_if_match, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageDep
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import Code, Moment
from targets.conflicts import service
from targets.conflicts.domain import UnknownPosition
from targets.conflicts.schemas import (
    ConflictPage,
    ConflictPut,
    ConflictRead,
    ConflictRule,
    ConflictState,
)
from targets.permissions import READ_CONFLICTS, RULE_CONFLICT, WRITE_CONFLICTS

conflicts = app.router("conflicts")
IfMatch = Annotated[int | None, Depends(read_if_match)]


@conflicts.get("/conflicts", response_model=ConflictPage, summary="List conflicts of the plan")
async def list_conflicts(
    session: SessionDep,
    page: PageDep,
    state: ConflictState | None = None,
    subject_code: Code | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CONFLICTS),
) -> Any:
    """Where the plan contradicts itself or says too little, and what was ruled."""
    return await service.list_conflicts(
        session, page, state=state, subject_code=subject_code, updated_since=updated_since
    )


@conflicts.get("/conflicts/{code}", response_model=ConflictRead, summary="One conflict")
async def get_conflict(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_CONFLICTS)
) -> Any:
    """A conflict with its positions, the working reading and the ruling."""
    conflict = await service.get_conflict(session, code)
    tag(response, conflict)
    return conflict


@conflicts.put(
    "/conflicts/{code}",
    response_model=ConflictRead,
    responses={
        201: {"model": ConflictRead, "description": "Created"},
        **problems(UnknownReference),
    },
    summary="Make or restate a conflict",
)
async def put_conflict(
    code: Code,
    body: ConflictPut,
    session: SessionDep,
    response: Response,
    expected: IfMatch,
    _: Principal = permitted(WRITE_CONFLICTS),
) -> Any:
    """For the office. A new conflict is open; the ruling of a ruled one stays."""
    conflict, created = await service.put_conflict(session, code, body, expected)
    tag(response, conflict)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/conflicts/{code}"
    return conflict


@conflicts.post(
    "/conflicts/{code}/rule",
    response_model=ConflictRead,
    responses=problems(InvalidTransition, UnknownPosition),
    summary="Rule on a conflict",
)
async def rule_conflict(
    code: Code,
    body: ConflictRule,
    session: SessionDep,
    response: Response,
    expected: IfMatch,
    principal: Principal = permitted(RULE_CONFLICT),
) -> Any:
    """For the office only: the decision and the document it stands in."""
    conflict = await service.rule_conflict(session, principal, code, body, expected)
    tag(response, conflict)
    return conflict
