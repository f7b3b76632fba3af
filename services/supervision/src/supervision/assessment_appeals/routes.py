"""HTTP of appeals against scores."""

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

from supervision.assessment_appeals import service
from supervision.assessment_appeals.domain import (
    AppealPending,
    AppealTooLate,
    AppellantRules,
    AssessmentAppealState,
)
from supervision.assessment_appeals.repository import SORTABLE, AppealFilter
from supervision.assessment_appeals.schemas import (
    AssessmentAppealCreate,
    AssessmentAppealPage,
    AssessmentAppealRead,
    AssessmentAppealRuling,
)
from supervision.permissions import CREATE_APPEAL, READ_APPEAL, RULE_APPEAL

router = app.router("assessment-appeals")
ONE = "/assessment-appeals/{appeal_id}"


@router.get(
    "/assessment-appeals", response_model=AssessmentAppealPage, summary="List assessment appeals"
)
async def list_assessment_appeals(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    assessment_id: UUID | None = None,
    unit_code: Code | None = None,
    state: Annotated[AnyOf[AssessmentAppealState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_APPEAL),
) -> Any:
    """Who appealed against which points, and what became of it."""
    filters = AppealFilter(assessment_id, unit_code, state or (), updated_since)
    return await service.list_appeals(session, principal, page, filters)


@router.post(
    "/assessment-appeals",
    response_model=AssessmentAppealRead,
    status_code=201,
    responses=problems(AppealTooLate, AppealPending, UnknownReference),
    summary="Appeal against a score",
)
async def create_assessment_appeal(
    body: AssessmentAppealCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_APPEAL),
) -> Any:
    """By the unit, within the days the scheme gives after the publication."""
    row = await service.create_appeal(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/assessment-appeals/{row.id}"
    tag(response, row)
    return row


@router.get(ONE, response_model=AssessmentAppealRead, summary="Read an assessment appeal")
async def get_assessment_appeal(
    appeal_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_APPEAL),
) -> Any:
    """One appeal; its ETag is what the ruling needs as If-Match."""
    row = await service.get_appeal(session, principal, appeal_id)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/rule",
    response_model=AssessmentAppealRead,
    responses=problems(InvalidTransition, AppellantRules),
    summary="Rule on an appeal",
)
async def rule_assessment_appeal(
    appeal_id: UUID,
    body: AssessmentAppealRuling,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(RULE_APPEAL),
) -> Any:
    """By somebody else. Upheld, its points are a line of the score, and all are ranked again."""
    row = await service.rule_appeal(session, principal, appeal_id, expected, body)
    tag(response, row)
    return row
