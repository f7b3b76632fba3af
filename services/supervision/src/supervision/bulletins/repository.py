"""Every statement on bulletins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from supervision.bulletins.models import Bulletin, BulletinCounter

SORTABLE = {
    "id": Bulletin.id,
    "period_end": Bulletin.period_end,
    "created_at": Bulletin.created_at,
    "updated_at": Bulletin.updated_at,
}


@dataclass(frozen=True, slots=True)
class BulletinFilter:
    """What a list of bulletins may be narrowed to; an empty filter narrows nothing."""

    state: Sequence[str] = ()
    programme: str | None = None
    year: int | None = None
    period_end_gte: date | None = None
    period_start_lte: date | None = None
    updated_since: datetime | None = None


async def next_issue(session: Session, year: int) -> int:
    """The next number of the year. Others wait for this transaction to end."""
    statement = insert(BulletinCounter).values(year=year, last=1)
    last = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=[BulletinCounter.year], set_={"last": BulletinCounter.last + 1}
        ).returning(BulletinCounter.last)
    )
    assert last is not None
    return last


async def get(session: Session, bulletin_id: UUID) -> Bulletin:
    """Raises `NotFound`."""
    found = await session.get(Bulletin, bulletin_id)
    if found is None:
        raise NotFound(what=f"bulletin {bulletin_id}")
    return found


async def get_for_update(session: Session, bulletin_id: UUID) -> Bulletin:
    """The bulletin, locked. Raises `NotFound`."""
    query = select(Bulletin).where(Bulletin.id == bulletin_id).with_for_update()
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what=f"bulletin {bulletin_id}")
    return found


async def due_for_cut(session: Session, moment: datetime) -> list[Bulletin]:
    """Drafts whose cut-off has come, locked; those in somebody's hands are left to the next run."""
    query = (
        select(Bulletin)
        .where(Bulletin.state == "draft", Bulletin.cut_off_at <= moment)
        .order_by(Bulletin.cut_off_at, Bulletin.id)
        .limit(10)
    )
    return list(await session.scalars(query.with_for_update(skip_locked=True)))


async def list_bulletins(session: Session, page: PageRequest, filters: BulletinFilter) -> Page[Any]:
    query = select(Bulletin).where(
        *given(
            (filters.state or None, Bulletin.state.in_),
            (filters.programme, Bulletin.programme.__eq__),
            (filters.year, Bulletin.year.__eq__),
            (filters.period_end_gte, Bulletin.period_end.__ge__),
            (filters.period_start_lte, Bulletin.period_start.__le__),
            (filters.updated_since, Bulletin.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")
