"""HTTP of the divided targets."""

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
from servicekit.problems import InvalidTransition, PreconditionRequired, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year
from targets.assignments import domain, service
from targets.assignments.repository import COVERAGE_SORT, REVISION_SORT, SORTABLE
from targets.assignments.schemas import (
    AssignmentChange,
    AssignmentCoveragePage,
    AssignmentCreate,
    AssignmentPage,
    AssignmentRead,
    AssignmentRevisionPage,
    AssignmentState,
    AssignmentUpdate,
    CoverageState,
)
from targets.moments.schemas import AsOf, KnownAt
from targets.periods.domain import PeriodClosed
from targets.permissions import READ_ASSIGNMENTS, WRITE_ASSIGNMENTS

assignments = app.router("assignments")
coverage = app.router("assignment-coverage")


@assignments.get("/assignments", response_model=AssignmentPage, summary="List assignments")
async def list_assignments(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    indicator_code: Code | None = None,
    year: Year | None = None,
    unit_code: Code | None = None,
    parent_id: UUID | None = None,
    state: Annotated[AnyOf[AssignmentState] | None, Query()] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ASSIGNMENTS),
) -> Any:
    """What units are to reach, and what they and all below them have come to; on the day `as_of`
    and as was known at the moment `known_at`, where asked. A part holds for its year: it has
    moments at which it was known, and no days."""
    return await service.list_assignments(
        session,
        principal,
        page,
        indicator_code=indicator_code,
        year=year,
        unit_code=unit_code,
        parent_id=parent_id,
        state=list(state or []),
        as_of=as_of,
        known_at=known_at,
        updated_since=updated_since,
    )


@assignments.post(
    "/assignments",
    status_code=201,
    response_model=AssignmentRead,
    responses=problems(
        UnknownReference,
        domain.NothingToDivide,
        domain.ForeignPart,
        domain.UnitNotBelow,
        domain.AlreadyAssigned,
        PeriodClosed,
        InvalidTransition,
    ),
    summary="Give a unit a part of a target",
)
async def create_assignment(
    body: AssignmentCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(WRITE_ASSIGNMENTS),
) -> Any:
    """For the office. A part of the indicator's milestone, or with `parent_id` of the part of a
    unit above. More or less than promised may be assigned: the coverage tells."""
    row = await service.create_assignment(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/assignments/{row.id}"
    tag(response, row)
    return row


add_batch(assignments, create_assignment)


@assignments.get(
    "/assignments/{assignment_id}", response_model=AssignmentRead, summary="One assignment"
)
async def get_assignment(
    assignment_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_ASSIGNMENTS),
) -> Any:
    """A unit's target with its actual."""
    row = await service.get_assignment(session, principal, assignment_id)
    tag(response, row)
    return row


@assignments.patch(
    "/assignments/{assignment_id}",
    response_model=AssignmentRead,
    responses=problems(InvalidTransition, PeriodClosed, PreconditionRequired),
    summary="Change a unit's target",
)
async def update_assignment(
    assignment_id: UUID,
    body: AssignmentUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WRITE_ASSIGNMENTS),
) -> Any:
    """For the office, by a document; the old value stays in the revisions."""
    row = await service.update_assignment(session, principal, assignment_id, body, expected)
    tag(response, row)
    return row


@assignments.post(
    "/assignments/{assignment_id}/withdraw",
    response_model=AssignmentRead,
    responses=problems(InvalidTransition, PeriodClosed, domain.HasParts),
    summary="Withdraw a unit's target",
)
async def withdraw_assignment(
    assignment_id: UUID,
    body: AssignmentChange,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WRITE_ASSIGNMENTS),
) -> Any:
    """For the office, by a document. Its own parts are withdrawn before it."""
    row = await service.withdraw_assignment(session, principal, assignment_id, body, expected)
    tag(response, row)
    return row


@assignments.get(
    "/assignments/{assignment_id}/revisions",
    response_model=AssignmentRevisionPage,
    summary="List an assignment's changes",
)
async def list_assignment_revisions(
    assignment_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(REVISION_SORT)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ASSIGNMENTS),
) -> Any:
    """Every value it had, latest first, with document and reason."""
    return await service.list_revisions(session, principal, page, assignment_id, updated_since)


@coverage.get(
    "/assignment-coverage",
    response_model=AssignmentCoveragePage,
    summary="Promised and assigned",
)
async def list_assignment_coverage(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(COVERAGE_SORT)],
    indicator_code: Code | None = None,
    year: Year | None = None,
    unit_code: Code | None = None,
    state: Annotated[AnyOf[CoverageState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ASSIGNMENTS),
) -> Any:
    """Every milestone and every part that was divided further: what is promised, what its parts
    come to, and whether that is too little or too much."""
    return await service.list_coverage(
        session,
        principal,
        page,
        indicator_code=indicator_code,
        year=year,
        unit_code=unit_code,
        state=list(state or []),
        updated_since=updated_since,
    )
