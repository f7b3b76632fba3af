"""Criteria of grades, and pathways to them, over HTTP."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment

from parks.parks.schemas import ParkGradeName, ParkKind
from parks.pathways import repository, service
from parks.pathways.domain import CriterionIncomplete, UnitOfMeasure
from parks.pathways.repository import SORTABLE
from parks.pathways.schemas import (
    GradeCriterionPage,
    GradeCriterionPut,
    GradeCriterionRead,
    PathwayRead,
)
from parks.permissions import READ_CRITERION, READ_PARK, WRITE_CRITERION

router = app.router("grade-criteria")
pathway_router = app.router("parks")


@router.get("/grade-criteria", response_model=GradeCriterionPage, summary="List grade criteria")
async def list_grade_criteria(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    park_kind: Annotated[AnyOf[ParkKind] | None, Query()] = None,
    grade: Annotated[AnyOf[ParkGradeName] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CRITERION),
) -> Any:
    """What parks need for their grades, by code."""
    return await repository.list_criteria(
        session, page, park_kind=park_kind, grade=grade, updated_since=updated_since
    )


@router.get(
    "/grade-criteria/{code}", response_model=GradeCriterionRead, summary="One grade criterion"
)
async def get_grade_criterion(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_CRITERION)
) -> Any:
    """What is needed, and how much of it at least."""
    criterion = await service.get_criterion(session, code)
    tag(response, criterion)
    return criterion


@router.put(
    "/grade-criteria/{code}",
    response_model=GradeCriterionRead,
    responses={
        201: {"model": GradeCriterionRead, "description": "Created"},
        **problems(CriterionIncomplete, UnitOfMeasure),
    },
    summary="Make or change a grade criterion",
)
async def put_grade_criterion(
    code: Code,
    body: GradeCriterionPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_CRITERION),
) -> Any:
    """For the office. An equal body changes nothing; one that is asked for no more is inactive."""
    criterion, created = await service.put_criterion(session, code, body, expected)
    tag(response, criterion)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/grade-criteria/{code}"
    return criterion


@pathway_router.get(
    "/parks/{code}/pathway", response_model=PathwayRead, summary="What a park needs for a grade"
)
async def get_park_pathway(
    code: Code,
    session: SessionDep,
    grade: ParkGradeName | None = None,
    _: Principal = permitted(READ_PARK),
) -> Any:
    """Every criterion of the grade it wants (or of `grade`) with what the park has of it today,
    and what is missing in words."""
    return await service.pathway(session, code, grade)
