"""Parks and their grades over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import AlreadyExists
from servicekit.types import AnyOf, Code, Moment

from parks.locations.domain import AreaUnreadable, CoordinatesSwapped, NotOnLand
from parks.parks import service
from parks.parks.domain import FutureDate, GradeDaysReversed
from parks.parks.repository import GRADE_SORT, SORTABLE
from parks.parks.schemas import (
    ParkGradeCreate,
    ParkGradePage,
    ParkGradeRead,
    ParkKind,
    ParkPage,
    ParkPut,
    ParkRead,
)
from parks.permissions import READ_PARK, RECORD_GRADE, WRITE_PARK

router = app.router("parks")


@router.get(
    "/parks",
    response_model=ParkPage,
    responses=problems(AreaUnreadable, CoordinatesSwapped, NotOnLand),
    summary="List parks",
)
async def list_parks(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    programme: Code | None = None,
    kind: Annotated[AnyOf[ParkKind] | None, Query()] = None,
    near: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Those around a point: `lon,lat,km`.",
            examples=["113.86,34.53,20"],
        ),
    ] = None,
    within: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Those in a box: `west,south,east,north` (RFC 7946).",
            examples=["113,34,114,35"],
        ),
    ] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PARK),
) -> Any:
    """The parks by code, with the grade each has and wants."""
    return await service.list_parks(
        session,
        page,
        programme=programme,
        kind=kind or [],
        near=near,
        within=within,
        updated_since=updated_since,
    )


@router.get("/parks/{code}", response_model=ParkRead, summary="One park")
async def get_park(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_PARK)
) -> Any:
    """A park with its jurisdictions and its grade."""
    park = await service.get_park(session, code)
    tag(response, park)
    return park


@router.put(
    "/parks/{code}",
    response_model=ParkRead,
    responses={201: {"model": ParkRead, "description": "Created"}},
    summary="Make or change a park",
)
async def put_park(
    code: Code,
    body: ParkPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_PARK),
) -> Any:
    """For the office. An equal body changes nothing; obtained grades are kept."""
    park, created = await service.put_park(session, code, body, expected)
    tag(response, park)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/parks/{code}"
    return park


@router.get(
    "/parks/{code}/grades", response_model=ParkGradePage, summary="Grades a park has obtained"
)
async def list_park_grades(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(GRADE_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PARK),
) -> Any:
    """Every grade with its day and document, the latest first."""
    return await service.list_grades(session, page, code, updated_since)


@router.get(
    "/parks/{code}/grades/{grade_id}",
    response_model=ParkGradeRead,
    summary="One grade a park has obtained",
)
async def get_park_grade(
    code: Code, grade_id: UUID, session: SessionDep, _: Principal = permitted(READ_PARK)
) -> Any:
    """When it was obtained, and by which document."""
    return await service.get_grade(session, code, grade_id)


@router.post(
    "/parks/{code}/grades",
    status_code=201,
    response_model=ParkGradeRead,
    responses=problems(FutureDate, GradeDaysReversed, AlreadyExists),
    summary="Record an obtained grade",
)
async def record_park_grade(
    code: Code,
    body: ParkGradeCreate,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(RECORD_GRADE),
) -> Any:
    """For the office, with the document that grants it; once as long as the park holds it."""
    grade = await service.record_grade(session, code, body)
    response.headers["Location"] = f"{app.PREFIX}/parks/{code}/grades/{grade.id}"
    return grade
