"""Use cases of the directory."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import chain

from servicekit import audit
from servicekit.auth import directory
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import put
from targets.directory import domain, events, repository
from targets.directory.models import Unit, WorkingGroup, WorkingGroupMember
from targets.directory.schemas import UnitPut, WorkingGroupPut
from targets.rollups import service as rollups


async def require_units(session: Session, codes: Iterable[str | None]) -> None:
    """Raises `UnknownReference` for the codes that are not in the directory."""
    unknown = await repository.unknown_units(session, [code for code in codes if code])
    if unknown:
        raise UnknownReference(what=f"unit {', '.join(sorted(unknown))}")


async def get_unit(session: Session, code: str) -> Unit:
    """Raises `NotFound`."""
    unit = await repository.get_unit(session, code)
    if unit is None:
        raise NotFound(what=f"unit {code}")
    return unit


async def put_unit(
    session: Session, code: str, body: UnitPut, expected: int | None
) -> tuple[Unit, bool]:
    """Make or change a unit and tell every service; tells whether it is new.

    Raises:
        UnknownReference: the parent is not in the directory.
        CircularTree: the parent stands under the unit, or did so on a day from then on.
        Unprocessable: it would stand there only in the future.
        PreconditionFailed: it is not at the expected version.
    """
    await repository.lock_tree(session)
    row = await repository.get_unit_for_update(session, code)
    had = None if row is None else (row.parent, row.parent_since)
    since = domain.standing_since(had, body.parent, body.parent_since, china_date())
    await check_parent(session, code, body.parent, since)
    values = {**body.model_dump(), "parent_since": since}
    done = put(session, Unit, row, expected, code=code, **values)
    if done.changed:
        await session.flush()
        if had != (body.parent, since):
            await stand(session, code, body.parent, since)
        await announce(session, done.row)
        audit.record(
            session, "units.write", "unit", code, before=done.before, after=done.row.snapshot()
        )
    return done.row, done.created


async def check_parent(session: Session, code: str, parent: str | None, since: date) -> None:
    """Raises `UnknownReference` and `CircularTree`."""
    above: list[str] = []
    if parent is not None and parent != code:
        await require_units(session, [parent])
        windows = await repository.windows_above(session, parent)
        above = [window.node for window in windows if window.until > since]
    domain.check_parent(code, parent, above)


async def stand(session: Session, code: str, parent: str | None, since: date) -> None:
    """Place a unit from a day on; the numbers it and all below it told follow it."""
    moment = now()
    before = await repository.windows_above(session, code)
    await repository.place(session, code, parent, since, moment)
    after = await repository.windows_above(session, code)
    await rollups.move(session, code, since, before, after, moment)


async def announce(session: Session, unit: Unit) -> None:
    """Store the unit's place for this service's permissions and publish it for the others."""
    parents = [unit.parent] if unit.parent else []
    parents += [g for g in await repository.groups_of(session, unit.code) if g not in parents]
    await directory.upsert_unit(
        session,
        code=unit.code,
        name=unit.name_zh,
        kind=unit.kind,
        parents=parents,
        active=unit.active,
    )
    outbox.add(session, events.unit_changed(unit, parents))


async def get_working_group(session: Session, code: str) -> WorkingGroup:
    """Raises `NotFound`."""
    group = await repository.get_group(session, code)
    if group is None:
        raise NotFound(what=f"working group {code}")
    return group


async def require_working_group(session: Session, code: str) -> WorkingGroup:
    """Raises `UnknownReference`."""
    group = await repository.get_group(session, code)
    if group is None:
        raise UnknownReference(what=f"working group {code}")
    return group


async def responsible_units(
    session: Session, concerned: Mapping[str, Collection[str]]
) -> dict[str, set[str]]:
    """For each indicator the units it concerns and, where one is a working group, the units that
    serve in it."""
    members = await repository.members_of(session, chain.from_iterable(concerned.values()))
    return {
        indicator: {*codes, *chain.from_iterable(members.get(code, ()) for code in codes)}
        for indicator, codes in concerned.items()
    }


async def put_working_group(
    session: Session, code: str, body: WorkingGroupPut, expected: int | None
) -> tuple[WorkingGroup, bool]:
    """Make or change a working group; units that join or leave it are announced again.

    Raises:
        UnknownReference: the group's own unit, a member or the programme is not there.
        NotAWorkingGroup: the unit of this code is of another kind.
        PreconditionFailed: it is not at the expected version.
    """
    await repository.lock_tree(session)
    await require_units(session, {code, *(member.unit for member in body.members)})
    own = await get_unit(session, code)
    if own.kind != "working_group":
        raise domain.NotAWorkingGroup(unit=code)
    row = await repository.get_group_for_update(session, code)
    values = body.model_dump(exclude={"members"})
    wanted = [(member.unit, member.role) for member in body.members]
    had = [] if row is None else [(member.unit, member.role) for member in row.members]
    extra = {} if row is not None else {"members": []}
    done = put(session, WorkingGroup, row, expected, code=code, **values, **extra)
    if sorted(wanted) != sorted(had):
        set_members(done.row, wanted)
        done.changed = True
        if not done.created and done.before and done.before["version"] == done.row.version:
            done.row.touch()
    if done.changed:
        await session.flush()
        for unit in sorted({u for u, _ in wanted} ^ {u for u, _ in had}):
            await announce(session, await get_unit(session, unit))
        audit.record(
            session,
            "working_groups.write",
            "working_group",
            code,
            before=None if done.before is None else values | {"members": had},
            after=values | {"members": wanted},
        )
    return done.row, done.created


def set_members(group: WorkingGroup, wanted: list[tuple[str, str]]) -> None:
    """Keep, change, add and remove members so that the group has exactly `wanted`."""
    had = {member.unit: member for member in group.members}
    members: list[WorkingGroupMember] = []
    for place, (unit, role) in enumerate(wanted):
        member = had.get(unit) or WorkingGroupMember(unit=unit)
        member.role, member.place = role, place
        members.append(member)
    group.members = members
