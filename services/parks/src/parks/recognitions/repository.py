"""SQL of the recognitions."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from parks.enterprises.models import Enterprise
from parks.enterprises.repository import answered_for, meant_by
from parks.recognitions.domain import VALID, WARNINGS
from parks.recognitions.models import Recognition

SORTABLE = {
    "valid_from": Recognition.valid_from,
    "valid_to": Recognition.valid_to,
    "updated_at": Recognition.updated_at,
    "id": Recognition.id,
}


async def get(session: Session, recognition_id: UUID) -> Recognition | None:
    return await session.get(Recognition, recognition_id)


async def overlapping(
    session: Session, enterprise_id: UUID, kind: str, valid_from: date, valid_to: date
) -> Recognition | None:
    """A recognition of the same kind that shares a day with this time, or none."""
    return await session.scalar(
        select(Recognition)
        .where(
            Recognition.enterprise_id == enterprise_id,
            Recognition.kind == kind,
            Recognition.valid_from <= valid_to,
            Recognition.valid_to >= valid_from,
        )
        .limit(1)
    )


async def number_known(session: Session, kind: str, number: str) -> bool:
    same = and_(Recognition.kind == kind, Recognition.number == number)
    return await session.scalar(select(Recognition.id).where(same)) is not None


async def kinds_valid_on(session: Session, enterprise_id: UUID, day: date) -> set[str]:
    """The kinds of recognition an enterprise holds on a day."""
    found = await session.scalars(
        select(Recognition.kind).where(
            Recognition.enterprise_id == enterprise_id,
            Recognition.valid_from <= day,
            Recognition.valid_to >= day,
        )
    )
    return set(found)


async def enterprises_to_settle(session: Session, today: date, limit: int) -> Sequence[UUID]:
    """Enterprises whose recognitions ended or began to hold without that being told yet.

    One that holds makes its enterprise at least of its kind; where the class is lower, its first
    day has come since.
    """
    ended = Recognition.valid_to < today
    begun = and_(
        Recognition.valid_from <= today,
        Enterprise.enterprise_class != Recognition.kind,
        Enterprise.enterprise_class != "high_tech",
    )
    found = await session.scalars(
        select(Enterprise.id)
        .join(Recognition, Recognition.enterprise_id == Enterprise.id)
        .where(Recognition.status == VALID, or_(ended, begun))
        .distinct()
        .order_by(Enterprise.id)
        .limit(limit)
    )
    return found.all()


async def ended(session: Session, enterprise_id: UUID, today: date) -> Sequence[Recognition]:
    """Recognitions of an enterprise that have ended and are still marked valid."""
    found = await session.scalars(
        select(Recognition)
        .where(
            Recognition.enterprise_id == enterprise_id,
            Recognition.status == VALID,
            Recognition.valid_to < today,
        )
        .order_by(Recognition.valid_to, Recognition.id)
    )
    return found.all()


async def to_warn_of(
    session: Session, today: date, limit: int
) -> Sequence[tuple[Recognition, Enterprise]]:
    """Recognitions that are to be told to run out, locked, with their enterprises. One that
    another of its kind follows does not run out; what another worker tells is left to it."""
    following = aliased(Recognition)
    followed = exists().where(
        following.enterprise_id == Recognition.enterprise_id,
        following.kind == Recognition.kind,
        following.valid_from == Recognition.valid_to + 1,
    )
    left = Recognition.valid_to - today
    due = case(*((left <= days, days) for days in sorted(WARNINGS)))
    found = await session.execute(
        select(Recognition, Enterprise)
        .join(Enterprise, Enterprise.id == Recognition.enterprise_id)
        .where(
            Recognition.status == VALID,
            Enterprise.active,
            Recognition.valid_to >= today,
            due < func.coalesce(Recognition.warned_days, max(WARNINGS) + 1),
            ~followed,
        )
        .order_by(Recognition.valid_to, Recognition.id)
        .limit(limit)
        .with_for_update(of=Recognition, skip_locked=True)
    )
    return [(row[0], row[1]) for row in found]


async def list_recognitions(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    enterprise_id: UUID | None,
    kind: Sequence[str],
    status: Sequence[str] | None,
    valid_to_lte: date | None,
    updated_since: datetime | None,
) -> Page:
    row = Recognition
    conditions = given(
        (units, answered_for),
        (enterprise_id, lambda one: row.enterprise_id.in_(meant_by(one))),
        (kind or None, row.kind.in_),
        (status, row.status.in_),
        (valid_to_lte, row.valid_to.__le__),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    if units is not None:
        query = query.join(Enterprise, Enterprise.id == row.enterprise_id)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-valid_from")
