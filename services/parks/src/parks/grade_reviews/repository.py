"""SQL of the reviews."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select

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


async def fetch(
    session: Session, page: PageRequest, grade_id: UUID, updated_since: datetime | None
) -> Page:
    query: Select[Any] = select(ParkGradeReview).where(ParkGradeReview.grade_id == grade_id)
    if updated_since is not None:
        query = query.where(ParkGradeReview.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-reviewed_on")
