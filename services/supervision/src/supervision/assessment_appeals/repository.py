"""Statements on appeals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.assessment_appeals.models import AssessmentAppeal
from supervision.assessments.domain import Ruling

SORTABLE = {
    "id": AssessmentAppeal.id,
    "created_at": AssessmentAppeal.created_at,
    "updated_at": AssessmentAppeal.updated_at,
}


@dataclass(frozen=True, slots=True)
class AppealFilter:
    """What a list of appeals may be narrowed to; an empty filter narrows nothing."""

    assessment_id: UUID | None = None
    unit_code: str | None = None
    state: Sequence[str] = ()
    updated_since: datetime | None = None


async def get(session: Session, appeal_id: UUID, *, lock: bool = False) -> AssessmentAppeal:
    """Raises `NotFound`."""
    query = select(AssessmentAppeal).where(AssessmentAppeal.id == appeal_id)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(what=f"assessment appeal {appeal_id}")
    return found


async def rulings_of(session: Session, assessment_id: UUID) -> list[Ruling]:
    """What its upheld appeals give and take."""
    query = select(AssessmentAppeal).where(
        AssessmentAppeal.assessment_id == assessment_id, AssessmentAppeal.points.is_not(None)
    )
    return [
        Ruling(str(each.id), each.unit_code, each.criterion_code, each.points)
        for each in await session.scalars(query)
        if each.points is not None
    ]


async def list_appeals(
    session: Session, page: PageRequest, units: Sequence[str] | None, filters: AppealFilter
) -> Page[Any]:
    """Appeals of the given units (none: of all)."""
    row = AssessmentAppeal
    query = select(row).where(
        *given(
            (units, row.unit_code.in_),
            (filters.assessment_id, row.assessment_id.__eq__),
            (filters.unit_code, row.unit_code.__eq__),
            (filters.state or None, row.state.in_),
            (filters.updated_since, row.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")
