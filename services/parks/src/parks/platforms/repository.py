"""SQL of the platforms."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.db import LOCK
from parks.enterprises.repository import meant_by
from parks.platforms.models import Platform, PlatformLevel

SORTABLE = {
    "name": Platform.name,
    "established_on": Platform.established_on,
    "updated_at": Platform.updated_at,
    "id": Platform.id,
}
_TAKEN = """SELECT kind, name FROM platform
 JOIN unnest($1::text[], $2::text[]) AS wanted (kind, name) USING (kind, name)"""
LEVEL_SORT = {
    "recognised_on": PlatformLevel.recognised_on,
    "updated_at": PlatformLevel.updated_at,
    "id": PlatformLevel.id,
}


async def get(session: Session, platform_id: UUID) -> Platform | None:
    return await session.get(Platform, platform_id)


async def get_for_update(session: Session, platform_id: UUID) -> Platform | None:
    return await session.get(Platform, platform_id, with_for_update=LOCK)


async def named(session: Session, kind: str, name: str) -> Platform | None:
    return await session.scalar(
        select(Platform).where(Platform.kind == kind, Platform.name == name)
    )


async def names_taken(
    session: Session, wanted: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Which of these names there are, each in its kind."""
    kinds, names = [kind for kind, _ in wanted], [name for _, name in wanted]
    return {(row["kind"], row["name"]) for row in await session.fetch(_TAKEN, kinds, names)}


async def list_platforms(
    session: Session,
    page: PageRequest,
    *,
    kind: Sequence[str],
    level: Sequence[str],
    park_code: str | None,
    enterprise_id: UUID | None,
    state: Sequence[str] | None,
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (kind or None, Platform.kind.in_),
        (level or None, Platform.level.in_),
        (park_code, Platform.park_code.__eq__),
        (enterprise_id, lambda one: Platform.enterprise_id.in_(meant_by(one))),
        (state, Platform.state.in_),
        (updated_since, Platform.updated_at.__ge__),
    )
    query = select(Platform).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="name")


async def levels_of(session: Session, platform_id: UUID) -> list[str]:
    found = await session.scalars(
        select(PlatformLevel.level).where(PlatformLevel.platform_id == platform_id)
    )
    return list(found)


async def get_level(session: Session, platform_id: UUID, level_id: UUID) -> PlatformLevel | None:
    return await session.scalar(
        select(PlatformLevel).where(
            PlatformLevel.platform_id == platform_id, PlatformLevel.id == level_id
        )
    )


async def list_levels(
    session: Session, page: PageRequest, platform_id: UUID, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, PlatformLevel.updated_at.__ge__))
    query = select(PlatformLevel).where(PlatformLevel.platform_id == platform_id, *conditions)
    return await fetch_page(session, query, page, sortable=LEVEL_SORT, default="-recognised_on")
