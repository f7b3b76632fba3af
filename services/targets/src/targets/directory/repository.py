"""SQL of the directory."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import delete, exists, select, text, update
from sqlalchemy.orm import selectinload
from targets.directory.domain import BEGINNING
from targets.directory.models import (
    Unit,
    UnitMove,
    UnitPlacement,
    WorkingGroup,
    WorkingGroupMember,
)
from targets.rollups.domain import Window

UNIT_SORT = {"code": Unit.code, "updated_at": Unit.updated_at}
GROUP_SORT = {
    "code": WorkingGroup.code,
    "number": WorkingGroup.number,
    "updated_at": WorkingGroup.updated_at,
}
_ABOVE = """
WITH RECURSIVE above(unit, node, level, since, until) AS (
    SELECT u, u, 0, '-infinity'::date, 'infinity'::date FROM unnest($1::text[]) AS u
    UNION ALL
    SELECT a.unit, p.parent, a.level + 1, greatest(a.since, p.since), least(a.until, p.until)
    FROM above a JOIN unit_placement p ON p.unit = a.node
    WHERE p.parent IS NOT NULL AND greatest(a.since, p.since) < least(a.until, p.until)
) SELECT unit, node, level, since, until FROM above
"""


async def lock_tree(session: Session) -> None:
    """One change of the tree at a time: two that are right alone may make a circle together."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('unit_tree'))"))


async def hold_tree(session: Session) -> None:
    """Have the tree stand still; taken before any indicator is locked, as a move does."""
    await session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtext('unit_tree'))"))


async def get_unit(session: Session, code: str) -> Unit | None:
    return await session.get(Unit, code)


async def get_unit_for_update(session: Session, code: str) -> Unit | None:
    return await session.get(Unit, code, with_for_update={"key_share": True})


async def windows_above(session: Session, code: str) -> list[Window]:
    """The unit itself and everything it stands or stood under, with the days."""
    return (await windows_of(session, [code]))[code]


async def windows_of(session: Session, codes: list[str]) -> dict[str, list[Window]]:
    """`windows_above` of many units."""
    found: dict[str, list[Window]] = defaultdict(list)
    for unit, *window in await session.fetch(_ABOVE, codes):
        found[unit].append(Window(*window))
    return found


def tree_then(day: str, known_at: str) -> str:
    """What stood under what on a day, as was known at a moment, as `unit_placement` has it."""
    return f"""SELECT DISTINCT ON (unit) unit, parent, '-infinity'::date AS since,
 'infinity'::date AS until
FROM unit_move WHERE since <= {day} AND recorded_at <= {known_at} ORDER BY unit, seq DESC"""  # noqa: S608 - constants only


async def place(
    session: Session, unit: str, parent: str | None, since: date, moment: datetime
) -> None:
    """Have a unit stand under another from a day on, for good; before its first such day it stood
    under none. That is known from this moment on."""
    placement = UnitPlacement
    of_unit = placement.unit == unit
    if since > BEGINNING and await session.scalar(select(~exists().where(of_unit))):
        session.add(UnitPlacement(unit=unit, parent=None, since=BEGINNING, until=since))
        session.add(UnitMove(unit=unit, parent=None, since=BEGINNING, recorded_at=moment))
        await session.flush()
    session.add(UnitMove(unit=unit, parent=parent, since=since, recorded_at=moment))
    await session.execute(delete(placement).where(of_unit, placement.since >= since))
    await session.execute(
        update(placement).where(of_unit, placement.until > since).values(until=since)
    )
    session.add(UnitPlacement(unit=unit, parent=parent, since=since, until=date.max))
    await session.flush()


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


async def list_units(
    session: Session,
    page: PageRequest,
    *,
    kind: list[str],
    parent: str | None,
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (kind or None, Unit.kind.in_),
        (parent, Unit.parent.__eq__),
        (updated_since, Unit.updated_at.__ge__),
    )
    query = select(Unit).where(*conditions)
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


async def list_working_groups(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, WorkingGroup.updated_at.__ge__))
    query = select(WorkingGroup).options(selectinload(WorkingGroup.members)).where(*conditions)
    return await fetch_page(session, query, page, sortable=GROUP_SORT, default="code", key="code")


async def members_of(session: Session, groups: Iterable[str]) -> dict[str, list[str]]:
    """The units that serve in these working groups; of what is no group, none."""
    found: dict[str, list[str]] = defaultdict(list)
    member = WorkingGroupMember
    rows = await session.execute(
        select(member.group, member.unit).where(member.group.in_(set(groups)))
    )
    for group, unit in rows:
        found[group].append(unit)
    return found
