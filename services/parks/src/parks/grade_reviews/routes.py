"""Reviews of a grade over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import Code, Moment

from parks.grade_reviews import service
from parks.grade_reviews.domain import ReviewIncomplete
from parks.grade_reviews.repository import SORTABLE
from parks.grade_reviews.schemas import (
    ParkGradeReviewCreate,
    ParkGradeReviewPage,
    ParkGradeReviewRead,
)
from parks.parks.domain import FutureDate, GradeDaysReversed
from parks.permissions import READ_PARK, REVIEW_GRADE

router = app.router("parks")
PATH = "/parks/{code}/grades/{grade_id}/reviews"


@router.get(PATH, response_model=ParkGradeReviewPage, summary="Reviews of a grade")
async def list_park_grade_reviews(
    code: Code,
    grade_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PARK),
) -> Any:
    """Every review with its outcome and document, the latest first."""
    return await service.list_reviews(session, page, code, grade_id, updated_since)


@router.get(
    f"{PATH}/{{review_id}}", response_model=ParkGradeReviewRead, summary="One review of a grade"
)
async def get_park_grade_review(
    code: Code,
    grade_id: UUID,
    review_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_PARK),
) -> Any:
    """What it came to, and by which document."""
    return await service.get_review(session, code, grade_id, review_id)


@router.post(
    PATH,
    status_code=201,
    response_model=ParkGradeReviewRead,
    responses=problems(FutureDate, GradeDaysReversed, ReviewIncomplete, InvalidTransition),
    summary="Record a review of a grade",
)
async def record_park_grade_review(
    code: Code,
    grade_id: UUID,
    body: ParkGradeReviewCreate,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(REVIEW_GRADE),
) -> Any:
    """For the office. A renewed grade holds to another day; a revoked one is lost from the day of
    the review on, and the park is of the highest grade that is left."""
    review = await service.record_review(session, code, grade_id, body)
    path = f"{app.PREFIX}/parks/{code}/grades/{grade_id}/reviews/{review.id}"
    response.headers["Location"] = path
    return review
