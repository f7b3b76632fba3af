"""Use cases of the reviews."""

from datetime import datetime
from uuid import UUID

from servicekit import audit
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound

from parks.grade_reviews import domain, repository
from parks.grade_reviews.models import ParkGradeReview
from parks.grade_reviews.schemas import ParkGradeReviewCreate
from parks.parks import repository as park_rows
from parks.parks import service as parks
from parks.parks.domain import GradeDaysReversed, check_not_in_future


async def list_reviews(
    session: Session, page: PageRequest, code: str, grade_id: UUID, updated_since: datetime | None
) -> Page:
    """The reviews of one grade. Raises `NotFound`."""
    await parks.get_grade(session, code, grade_id)
    return await repository.list_reviews(session, page, grade_id, updated_since)


async def get_review(
    session: Session, code: str, grade_id: UUID, review_id: UUID
) -> ParkGradeReview:
    """Raises `NotFound`."""
    await parks.get_grade(session, code, grade_id)
    review = await repository.get(session, grade_id, review_id)
    if review is None:
        raise NotFound(what=f"review {review_id} of grade {grade_id}")
    return review


async def record_review(
    session: Session, code: str, grade_id: UUID, body: ParkGradeReviewCreate
) -> ParkGradeReview:
    """Record what a review of a held grade came to, and do it.

    Raises:
        NotFound: no such park, or it has no such grade.
        ReviewIncomplete, InvalidTransition: see `domain`.
        FutureDate, GradeDaysReversed: it has not taken place, or before there was a grade.
    """
    domain.check_review(body.outcome, body.valid_to, body.reason)
    check_not_in_future(body.reviewed_on, china_date(), "/reviewed_on")
    park = await park_rows.get_for_update(session, code)
    if park is None:
        raise NotFound(what=f"park {code}")
    grade = await parks.get_grade(session, code, grade_id)
    domain.check_held(grade.lost_on)
    for field in ("reviewed_on", "valid_to"):
        day = getattr(body, field)
        if day is not None and day < grade.obtained_on:
            raise GradeDaysReversed().at(f"/{field}")
    review = ParkGradeReview(grade_id=grade_id, **body.model_dump())
    session.add(review)
    await session.flush()
    after = body.model_dump()
    audit.record(session, "parks.review_grade", "park", code, after=after, grade=grade.grade)
    if body.outcome == domain.RENEWED:
        grade.valid_to, grade.updated_at = body.valid_to, now()
    else:
        await parks.lose_grade(session, park, grade, body.reviewed_on, domain.REVOKED)
    return review
