"""SQL of the parks."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import Select, or_, select

from parks.db import LOCK
from parks.parks.models import Park, ParkGrade

SORTABLE = {"code": Park.code, "updated_at": Park.updated_at}
GRADE_SORT = {
    "obtained_on": ParkGrade.obtained_on,
    "updated_at": ParkGrade.updated_at,
    "id": ParkGrade.id,
}


async def get(session: Session, code: str) -> Park | None:
    return await session.get(Park, code)


async def units_of_all(session: Session, codes: Collection[str]) -> dict[str, list[str]]:
    """The units that answer for those of these parks that are registered."""
    if not codes:
        return {}
    found = await session.scalars(select(Park).where(Park.code.in_(codes)))
    return {park.code: park.units for park in found}


async def get_for_update(session: Session, code: str) -> Park | None:
    return await session.get(Park, code, with_for_update=LOCK)


async def list_parks(
    session: Session,
    page: PageRequest,
    *,
    programme: str | None,
    kind: Sequence[str],
    codes: Collection[str] | None,
    updated_since: datetime | None,
) -> Page:
    """`codes` are those of the places asked for; none for anywhere."""
    conditions = given(
        (codes, Park.code.in_),
        (programme, Park.programme.__eq__),
        (kind or None, Park.kind.in_),
        (updated_since, Park.updated_at.__ge__),
    )
    query = select(Park).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")


async def grades_held(session: Session, code: str) -> Sequence[ParkGrade]:
    """The grades a park holds."""
    held = (ParkGrade.park_code == code) & ParkGrade.lost_on.is_(None)
    return (await session.scalars(select(ParkGrade).where(held))).all()


async def grades_run_out(session: Session, today: date, limit: int) -> Sequence[ParkGrade]:
    """Grades whose last day has gone by without a review, locked."""
    found = await session.scalars(
        select(ParkGrade)
        .where(ParkGrade.lost_on.is_(None), ParkGrade.valid_to < today)
        .order_by(ParkGrade.park_code, ParkGrade.id)
        .limit(limit)
    )
    return found.all()


async def get_grade(session: Session, code: str, grade_id: UUID) -> ParkGrade | None:
    return await session.scalar(
        select(ParkGrade).where(ParkGrade.park_code == code, ParkGrade.id == grade_id)
    )


async def list_grades(
    session: Session, page: PageRequest, *, code: str, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, ParkGrade.updated_at.__ge__))
    query = select(ParkGrade).where(ParkGrade.park_code == code, *conditions)
    return await fetch_page(session, query, page, sortable=GRADE_SORT, default="-obtained_on")


def codes_of_units(units: Sequence[str]) -> Select:
    """The parks any one of these units answers for, as a subquery."""
    return select(Park.code).where(
        or_(Park.administration_unit.in_(units), Park.jurisdictions.overlap(list(units)))
    )
