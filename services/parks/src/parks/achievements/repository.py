"""SQL of the achievements."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.achievements.models import Achievement
from parks.db import LOCK
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import answered_for
from parks.metrics.repository import counting

SORTABLE = {
    "transferred_on": Achievement.transferred_on,
    "amount": Achievement.amount,
    "title": Achievement.title,
    "updated_at": Achievement.updated_at,
    "id": Achievement.id,
}
COUNTING = counting(
    """SELECT w.metric, w.unit, p.period, (
     SELECT count(*) FROM achievement a
     WHERE a.state = 'registered' AND a.major AND a.programme IS NOT NULL
       AND a.transferred_on <= p.day)
   FROM wanted w, days p"""
)


async def get(session: Session, achievement_id: UUID) -> Achievement | None:
    return await session.get(Achievement, achievement_id)


async def get_for_update(session: Session, achievement_id: UUID) -> Achievement | None:
    return await session.get(Achievement, achievement_id, with_for_update=LOCK)


async def same(
    session: Session, enterprise_id: UUID, title: str, transferred_on: date
) -> Achievement | None:
    """The one that is registered with this title, of this enterprise and day."""
    row = Achievement
    return await session.scalar(
        select(row).where(
            row.enterprise_id == enterprise_id,
            row.title == title,
            row.transferred_on == transferred_on,
            row.state == "registered",
        )
    )


async def list_achievements(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    enterprise_id: UUID | None,
    park_code: str | None,
    kind: Sequence[str],
    major: bool | None,
    programme: str | None,
    state: Sequence[str] | None,
    updated_since: datetime | None,
) -> Page:
    """`park_code` is the receiving enterprise's park today."""
    row = Achievement
    conditions = given(
        (units, answered_for),
        (park_code, Enterprise.park_code.__eq__),
        (enterprise_id, row.enterprise_id.__eq__),
        (major, row.major.__eq__),
        (programme, row.programme.__eq__),
        (state or None, row.state.in_),
        (kind or None, row.kind.in_),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    if units is not None or park_code is not None:
        query = query.join(Enterprise, Enterprise.id == row.enterprise_id)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-transferred_on")
