"""SQL of the directory."""

from collections.abc import Iterable
from datetime import datetime

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select, text
from sqlalchemy.orm import selectinload
from targets.directory.models import Unit, WorkingGroup, WorkingGroupMember

UNIT_SORT = {"code": Unit.code, "updated_at": Unit.updated_at}
GROUP_SORT = {
    "code": WorkingGroup.code,
    "number": WorkingGroup.number,
    "updated_at": WorkingGroup.updated_at,
}
_ABOVE = """
WITH RECURSIVE above AS (
    SELECT $1::text AS code
    UNION
    SELECT u.parent FROM unit u JOIN above a ON u.code = a.code WHERE u.parent IS NOT NULL
) SELECT code FROM above
"""


async def lock_tree(session: Session) -> None:
    """One change of the tree at a time: two that are right alone may make a circle together."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('unit_tree'))"))


async def get_unit(session: Session, code: str) -> Unit | None:
    return await session.get(Unit, code)


async def get_unit_for_update(session: Session, code: str) -> Unit | None:
    return await session.get(Unit, code, with_for_update={"key_share": True})


async def units_above(session: Session, code: str) -> list[str]:
    """The unit itself and everything it stands under."""
    return [row["code"] for row in await session.fetch(_ABOVE, code)]


async def unknown_units(session: Session, codes: Iterable[str]) -> set[str]:
    wanted = set(codes)
    known = await session.scalars(select(Unit.code).where(Unit.code.in_(wanted)))
    return wanted - set(known)


async def groups_of(session: Session, unit: str) -> list[str]:
    """The working groups a unit serves in, by code."""
    member = WorkingGroupMember
    found = await session.scalars(
        select(member.group).where(member.unit == unit).order_by(member.group)
    )
    return list(found)


async def fetch_units(
    session: Session,
    page: PageRequest,
    *,
    kind: list[str],
    parent: str | None,
    updated_since: datetime | None,
) -> Page:
    query: Select = select(Unit)
    if kind:
        query = query.where(Unit.kind.in_(kind))
    if parent is not None:
        query = query.where(Unit.parent == parent)
    if updated_since is not None:
        query = query.where(Unit.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=UNIT_SORT, default="code", key="code")


async def get_group(session: Session, code: str) -> WorkingGroup | None:
    return await session.get(WorkingGroup, code, options=[selectinload(WorkingGroup.members)])


async def get_group_for_update(session: Session, code: str) -> WorkingGroup | None:
    return await session.get(
        WorkingGroup,
        code,
        options=[selectinload(WorkingGroup.members)],
        with_for_update={"of": WorkingGroup, "key_share": True},
    )


async def fetch_groups(session: Session, page: PageRequest, updated_since: datetime | None) -> Page:
    query: Select = select(WorkingGroup).options(selectinload(WorkingGroup.members))
    if updated_since is not None:
        query = query.where(WorkingGroup.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=GROUP_SORT, default="code", key="code")


async def members_of(session: Session, groups: Iterable[str]) -> list[str]:
    """The units that serve in these working groups."""
    member = WorkingGroupMember
    found = await session.scalars(select(member.unit).where(member.group.in_(list(groups))))
    return list(found)
