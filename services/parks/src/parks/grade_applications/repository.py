"""SQL of the applications."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.db import LOCK
from parks.grade_applications.domain import OVER
from parks.grade_applications.models import GradeApplication
from parks.parks.repository import codes_of_units

SORTABLE = {
    "park_code": GradeApplication.park_code,
    "created_at": GradeApplication.created_at,
    "updated_at": GradeApplication.updated_at,
    "id": GradeApplication.id,
}


async def get(session: Session, application_id: UUID) -> GradeApplication | None:
    return await session.get(GradeApplication, application_id)


async def get_for_update(session: Session, application_id: UUID) -> GradeApplication | None:
    return await session.get(GradeApplication, application_id, with_for_update=LOCK)


async def open_of(session: Session, park_code: str, grade: str) -> GradeApplication | None:
    """The one application of a park for this grade that is not over."""
    row = GradeApplication
    return await session.scalar(
        select(row).where(
            row.park_code == park_code, row.grade == grade, row.state.not_in(list(OVER))
        )
    )


async def list_applications(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    park_code: str | None,
    grade: Sequence[str],
    state: Sequence[str],
    updated_since: datetime | None,
) -> Page:
    row = GradeApplication
    conditions = given(
        (units, lambda some: row.park_code.in_(codes_of_units(some))),
        (park_code, row.park_code.__eq__),
        (grade or None, row.grade.in_),
        (state or None, row.state.in_),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-created_at")
