"""HTTP of the conflicts."""

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
from servicekit.types import AnyOf, Code, Moment
from targets.conflicts import repository, service
from targets.conflicts.domain import UnknownPosition
from targets.conflicts.repository import ARGUMENT_SORT, SORTABLE
from targets.conflicts.schemas import (
    ConflictArgue,
    ConflictArgumentPage,
    ConflictArgumentRead,
    ConflictPage,
    ConflictPut,
    ConflictRead,
    ConflictRule,
    ConflictState,
)
from targets.derivations.domain import DerivedNumber
from targets.periods.domain import UnknownPeriod
from targets.permissions import ARGUE_CONFLICT, READ_CONFLICTS, RULE_CONFLICT, WRITE_CONFLICTS

conflicts = app.router("conflicts")


@conflicts.get("/conflicts", response_model=ConflictPage, summary="List conflicts of the plan")
async def list_conflicts(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    state: Annotated[AnyOf[ConflictState] | None, Query()] = None,
    subject_code: Code | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CONFLICTS),
) -> Any:
    """Where the plan contradicts itself or says too little, and what was ruled."""
    return await repository.list_conflicts(
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
    expected: Expected,
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
    responses=problems(
        InvalidTransition, UnknownPosition, UnknownReference, UnknownPeriod, DerivedNumber
    ),
    summary="Rule on a conflict",
)
async def rule_conflict(
    code: Code,
    body: ConflictRule,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(RULE_CONFLICT),
) -> Any:
    """For the office only: the decision, the document it stands in, and the numbers that follow."""
    conflict = await service.rule_conflict(session, principal, code, body, expected)
    tag(response, conflict)
    return conflict


@conflicts.get(
    "/conflicts/{code}/arguments",
    response_model=ConflictArgumentPage,
    summary="List what is argued in a conflict",
)
async def list_conflict_arguments(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(ARGUMENT_SORT)],
    unit_code: Code | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CONFLICTS),
) -> Any:
    """Which unit is for which position, with its reasons and evidence, oldest first."""
    return await service.list_arguments(
        session, page, code, unit_code=unit_code, updated_since=updated_since
    )


@conflicts.post(
    "/conflicts/{code}/arguments",
    response_model=ConflictArgumentRead,
    status_code=201,
    responses=problems(InvalidTransition, UnknownPosition, UnknownReference),
    summary="Argue for a position",
)
async def argue_conflict(
    code: Code,
    body: ConflictArgue,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(ARGUE_CONFLICT),
) -> Any:
    """A unit says what speaks for a position, as long as the office has not ruled."""
    argument = await service.argue(session, principal, code, body)
    response.headers["Location"] = f"{app.PREFIX}/conflicts/{code}/arguments/{argument.id}"
    return argument


@conflicts.get(
    "/conflicts/{code}/arguments/{argument_id}",
    response_model=ConflictArgumentRead,
    summary="One argument",
)
async def get_conflict_argument(
    code: Code,
    argument_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_CONFLICTS),
) -> Any:
    """What a unit says in a conflict, and why."""
    return await service.get_argument(session, code, argument_id)
