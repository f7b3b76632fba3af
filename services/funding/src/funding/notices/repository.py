"""SQL of the public notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from funding.applications.models import Application
from funding.notices.models import PublicNotice

SORTABLE = {
    "id": PublicNotice.id,
    "published_on": PublicNotice.published_on,
    "ends_on": PublicNotice.ends_on,
    "updated_at": PublicNotice.updated_at,
}

_NAMES = "SELECT code, name FROM unit_node WHERE code = ANY($1::text[])"


async def get(session: Session, notice_id: UUID) -> PublicNotice | None:
    return await session.get(PublicNotice, notice_id)


async def current_of(session: Session, call_id: UUID) -> PublicNotice | None:
    """The notice that counts, locked; the call has been locked before."""
    query = select(PublicNotice).where(
        PublicNotice.call_id == call_id, PublicNotice.state == "published"
    )
    return await session.scalar(query.with_for_update(key_share=True))


async def lock_running(session: Session, today: date) -> list[PublicNotice]:
    query = select(PublicNotice).where(
        PublicNotice.state == "published", PublicNotice.ends_on >= today
    )
    query = query.order_by(PublicNotice.id).with_for_update(key_share=True)
    return list(await session.scalars(query))


async def ranking_of(session: Session, call_id: UUID) -> list[Application]:
    """The ranked applications of a call, the best first."""
    query = select(Application).where(Application.call_id == call_id, Application.rank.is_not(None))
    return list(await session.scalars(query.order_by(Application.rank)))


async def unit_names(session: Session, codes: list[str]) -> dict[str, str]:
    return {row["code"]: row["name"] for row in await session.fetch(_NAMES, codes)}


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    call_id: UUID | None = None
    state: Sequence[str] | None = None
    updated_since: datetime | None = None


async def list_notices(session: Session, page: PageRequest, wanted: NoticeFilter) -> Page[Any]:
    row = PublicNotice
    conditions = given(
        (wanted.call_id, row.call_id.__eq__),
        (wanted.state, row.state.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
