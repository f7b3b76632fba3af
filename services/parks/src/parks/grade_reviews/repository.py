"""SQL of the reviews."""

from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.grade_reviews.models import ParkGradeReview

SORTABLE = {
    "reviewed_on": ParkGradeReview.reviewed_on,
    "updated_at": ParkGradeReview.updated_at,
    "id": ParkGradeReview.id,
}


async def get(session: Session, grade_id: UUID, review_id: UUID) -> ParkGradeReview | None:
    return await session.scalar(
        select(ParkGradeReview).where(
            ParkGradeReview.grade_id == grade_id, ParkGradeReview.id == review_id
        )
    )


async def list_reviews(
    session: Session, page: PageRequest, grade_id: UUID, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, ParkGradeReview.updated_at.__ge__))
    query = select(ParkGradeReview).where(ParkGradeReview.grade_id == grade_id, *conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-reviewed_on")
