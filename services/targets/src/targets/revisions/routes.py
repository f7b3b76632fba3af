"""HTTP of the target revisions, and of the targets in two times."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Day, Moment
from targets.moments.schemas import KnownAt
from targets.permissions import READ_INDICATORS, REVISE_INDICATORS
from targets.revisions import domain, service
from targets.revisions.repository import REVISION_SORT, VALUE_SORT
from targets.revisions.schemas import (
    RevisionCreate,
    TargetRevisionPage,
    TargetRevisionRead,
    TargetValuePage,
)

revisions = app.router("indicators")


@revisions.get(
    "/indicators/{code}/revisions",
    response_model=TargetRevisionPage,
    summary="List an indicator's target revisions",
)
async def list_target_revisions(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(REVISION_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INDICATORS),
) -> Any:
    """Every target that was changed, latest first, with document and reason."""
    return await service.list_revisions(session, page, code, updated_since)


@revisions.post(
    "/indicators/{code}/revisions",
    response_model=TargetRevisionRead,
    status_code=201,
    responses=problems(domain.YearClosed, domain.SecondBaseline, domain.NoTargetLeft),
    summary="Revise a target",
)
async def create_target_revision(
    code: Code,
    body: RevisionCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REVISE_INDICATORS),
) -> Any:
    """For the office: another value from a day on, with document number and reason. What was known
    before is kept and can be asked for with `as_of` and `known_at`. A revision of a later day
    stands; in a closed year nothing is revised."""
    row = await service.revise_target(session, principal, code, body)
    response.headers["Location"] = f"{app.PREFIX}/indicators/{code}/revisions/{row.id}"
    return row


@revisions.get(
    "/indicators/{code}/revisions/{revision_id}",
    response_model=TargetRevisionRead,
    summary="One target revision",
)
async def get_target_revision(
    code: Code, revision_id: UUID, session: SessionDep, _: Principal = permitted(READ_INDICATORS)
) -> Any:
    """One change of a target, with its document and reason."""
    return await service.get_revision(session, code, revision_id)


@revisions.get(
    "/indicators/{code}/milestones",
    response_model=TargetValuePage,
    summary="List an indicator's targets in both times",
)
async def list_milestones(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(VALUE_SORT)],
    as_of: Annotated[
        Day | None, Query(description="Those that hold on this day; without it of all days.")
    ] = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INDICATORS),
) -> Any:
    """Baseline and targets with the days they hold, and since when that is known: those of the day
    `as_of` (of all days without it), as was known at the moment `known_at` (now without it)."""
    return await service.list_values(
        session, page, code, as_of=as_of, known_at=known_at, updated_since=updated_since
    )
