"""HTTP of assessments and their scores."""

from typing import Annotated, Any, Literal
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

from supervision.assessment_appeals import repository as appeals
from supervision.assessments import repository, service
from supervision.assessments.domain import AssessmentState, PublisherIsMaker
from supervision.assessments.repository import SCORES_SORTABLE, SORTABLE, ScoreFilter
from supervision.assessments.schemas import (
    AssessmentCompute,
    AssessmentCreate,
    AssessmentPage,
    AssessmentRead,
    AssessmentScorePage,
    AssessmentScoreRead,
    AssessmentVerification,
)
from supervision.bulletins.domain import PeriodReversed
from supervision.permissions import (
    COMPUTE_ASSESSMENT,
    CREATE_ASSESSMENT,
    PUBLISH_ASSESSMENT,
    READ_ASSESSMENT,
    READ_ASSESSMENT_SCORE,
)

router = app.router("assessments")
scores = app.router("assessment-scores")
ONE = "/assessments/{assessment_id}"
AS_IT_IS = AssessmentCompute()


@router.get("/assessments", response_model=AssessmentPage, summary="List assessments")
async def list_assessments(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    state: Annotated[AnyOf[AssessmentState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_ASSESSMENT),
) -> Any:
    """Assessments by state; a unit's own score is in `GET /assessment-scores`."""
    return await repository.list_assessments(session, page, state or (), updated_since)


@router.post(
    "/assessments",
    response_model=AssessmentRead,
    status_code=201,
    responses=problems(PeriodReversed, UnknownReference),
    summary="Draw up an assessment",
)
async def create_assessment(
    body: AssessmentCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_ASSESSMENT),
) -> Any:
    """By the newest revision of a scheme, which it keeps."""
    row = await service.create_assessment(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/assessments/{row.id}"
    tag(response, row)
    return row


@router.get(ONE, response_model=AssessmentRead, summary="Read an assessment")
async def get_assessment(
    assessment_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_ASSESSMENT),
) -> Any:
    """One assessment; its ETag is what every step needs as If-Match."""
    row = await repository.get(session, assessment_id)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/compute",
    response_model=AssessmentRead,
    responses=problems(InvalidTransition),
    summary="Compute a preview",
)
async def compute_assessment(
    assessment_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: AssessmentCompute = AS_IT_IS,
    principal: Principal = permitted(COMPUTE_ASSESSMENT),
) -> Any:
    """Take in the linked records and compute every score; as often as wanted before it is
    published. The same records give the same scores."""
    row = await service.compute_assessment(
        session, principal, assessment_id, expected, refresh=body.refresh
    )
    tag(response, row)
    return row


@router.post(
    f"{ONE}/publish",
    response_model=AssessmentRead,
    responses=problems(InvalidTransition, PublisherIsMaker),
    summary="Publish an assessment",
)
async def publish_assessment(
    assessment_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUBLISH_ASSESSMENT),
) -> Any:
    """As it was computed last, by somebody who did not draw it up; units see their scores and may
    appeal."""
    row = await service.publish_assessment(session, principal, assessment_id, expected)
    tag(response, row)
    return row


@router.get(
    f"{ONE}/verification",
    response_model=AssessmentVerification,
    summary="Compute an assessment again",
)
async def get_assessment_verification(
    assessment_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_ASSESSMENT),
) -> Any:
    """From the kept records and the rulings, compared with the scores that stand; nothing is
    changed."""
    rulings = await appeals.rulings_of(session, assessment_id)
    return await service.verify_assessment(session, assessment_id, rulings)


@scores.get(
    "/assessment-scores", response_model=AssessmentScorePage, summary="List assessment scores"
)
async def list_assessment_scores(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SCORES_SORTABLE)],
    assessment_id: UUID | None = None,
    unit_code: Code | None = None,
    kind: Annotated[AnyOf[Literal["unit", "group"]] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ASSESSMENT_SCORE),
) -> Any:
    """The ranking: scores with every point explained. A unit sees its own once it is published,
    a working group those of its units."""
    wanted = ScoreFilter(assessment_id, unit_code, kind or (), updated_since)
    return await service.list_scores(session, principal, page, wanted)


@scores.get(
    "/assessment-scores/{score_id}",
    response_model=AssessmentScoreRead,
    summary="Read an assessment score",
)
async def get_assessment_score(
    score_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_ASSESSMENT_SCORE),
) -> Any:
    """One score: which record gave or took which points."""
    row = await service.get_score(session, principal, score_id)
    tag(response, row)
    return row
