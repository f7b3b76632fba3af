"""Use cases of the platforms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.copying import copy
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, Problem, UnknownReference, attempt
from servicekit.rows import filled

from parks.enterprises import service as enterprises
from parks.enterprises.schemas import NamesEnterprise
from parks.enterprises.service import Register
from parks.metrics import service as metrics
from parks.parks import repository as park_rows
from parks.parks.domain import highest
from parks.permissions import (
    CLOSE_PLATFORM,
    CREATE_PLATFORM,
    RECOGNISE_PLATFORM,
    UPDATE_PLATFORM,
)
from parks.platforms import domain, events, repository
from parks.platforms.domain import KINDS, PlatformAction, PlatformState, counts_of
from parks.platforms.models import Platform, PlatformLevel
from parks.platforms.schemas import (
    PlatformClose,
    PlatformCreate,
    PlatformLevelCreate,
    PlatformUpdate,
)

GRANTED = ("level", "recognised_on", "document_no", "authority")


async def get_platform(session: Session, platform_id: UUID) -> Platform:
    """Raises `NotFound`."""
    platform = await repository.get(session, platform_id)
    if platform is None:
        raise NotFound(what=f"platform {platform_id}")
    return platform


async def create_platform(session: Session, principal: Principal, body: PlatformCreate) -> Platform:
    """Register a platform, with its level if it has one.

    Raises:
        LevelIncomplete, DaysReversed, PlatformExists: see `domain`.
        FutureDate: it is not established, or not recognised, yet.
        UnknownReference, InvalidUscc, EnterprisesDiffer: its host or its park.
        Forbidden: a park may only register its own.
    """
    given, units = drafted(body, await surroundings(session, principal, [body]))
    session.refuse("uq_platform_kind_name", domain.PlatformExists(name=body.name).at("/name"))
    platform = Platform(**given)
    session.add(platform)
    await session.flush()
    if body.level is not None:
        session.add(PlatformLevel(**first_level(platform.id, body)))
    await tell(session, platform, "platforms.create", None, units, platform.established_on)
    return platform


async def create_platforms(
    session: Session, principal: Principal, bodies: Sequence[PlatformCreate]
) -> dict[int, Problem]:
    """`create_platform` for many, counted once; answers what is wrong with those that are not
    registered. A later one sees those before it."""
    around = await surroundings(session, principal, bodies)
    drawn = [attempt(drafted, body, around) for body in bodies]
    made = [(body, *one) for body, one in zip(bodies, drawn, strict=True)
            if not isinstance(one, Problem)]  # fmt: skip
    rows = [filled(Platform, given) for _, given, _ in made]
    await copy(session, Platform, rows)
    levels = [
        filled(PlatformLevel, first_level(row["id"], body))
        for row, (body, *_) in zip(rows, made, strict=True)
        if body.level is not None
    ]
    await copy(session, PlatformLevel, levels)
    audit.record_created(session, "platforms.create", "platform", {row["id"]: row for row in rows})
    for row, (*_, units) in zip(rows, made, strict=True):
        outbox.add(session, events.platform_changed(Platform(**row), units))
    kinds = sorted({row["kind"] for row in rows})
    if kinds:
        counts = [each for kind in kinds for each in counts_of(kind)]
        since = min(row["established_on"] for row in rows)
        await metrics.recount_platforms(session, china_date(), counts, since)
    return {n: wrong for n, wrong in enumerate(drawn) if isinstance(wrong, Problem)}


@dataclass(frozen=True, slots=True)
class Around:
    """What the rules for new platforms look at: who may be a host, the units of the parks, the
    names that are `taken` in a kind, how far the caller reaches, and the day."""

    register: Register
    parks: Mapping[str, list[str]]
    taken: set[tuple[str, str]]
    reach: directory.Reach
    today: date


async def surroundings(
    session: Session, principal: Principal, bodies: Sequence[PlatformCreate]
) -> Around:
    """What there is already of what these bodies name."""
    hosts = [host_named(body) for body in bodies]
    places = {body.park_code for body in bodies if body.park_code is not None}
    return Around(
        await enterprises.look_up(session, [one for one in hosts if one is not None]),
        await park_rows.units_of_all(session, places),
        await repository.names_taken(session, {(body.kind, body.name) for body in bodies}),
        await directory.reach(session, principal, CREATE_PLATFORM),
        china_date(),
    )


def drafted(body: PlatformCreate, around: Around) -> tuple[dict[str, Any], list[str]]:
    """The columns of a new platform and the units that answer for it; from now on it is there.

    Raises: as `create_platform`.
    """
    domain.check_level(body.level, body.recognised_on, body.document_no)
    domain.check_days(body.established_on, body.recognised_on, "recognised_on", around.today)
    named = host_named(body)
    host = None if named is None else around.register.of(named)
    if body.park_code is not None and body.park_code not in around.parks:
        raise UnknownReference(what=f"park {body.park_code}").at("/park_code")
    of_park = around.parks[body.park_code] if body.park_code is not None else []
    units = [*dict.fromkeys([*of_park, *(host.units if host else ())])]
    around.reach.require(*units)
    if (body.kind, body.name) in around.taken:
        raise domain.PlatformExists(name=body.name).at("/name")
    around.taken.add((body.kind, body.name))
    given = body.model_dump(exclude={"uscc", "enterprise_id", *GRANTED})
    given |= {"enterprise_id": host and host.id, "level": body.level}
    return given | {"state": PlatformState.ACTIVE}, units


def first_level(platform_id: UUID, body: PlatformCreate) -> dict[str, Any]:
    """The level a new platform has already."""
    return {"platform_id": platform_id, **{name: getattr(body, name) for name in GRANTED}}


async def update_platform(
    session: Session,
    principal: Principal,
    platform_id: UUID,
    body: PlatformUpdate,
    expected: int | None,
) -> Platform:
    """Change what the patch names; moving between parks takes the right in both.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, PlatformExists.
        UnknownReference: the new host or park is not registered.
    """
    platform = await load_for(session, principal, platform_id, UPDATE_PLATFORM)
    check_version(platform, expected, required=False)
    domain.check_step(platform.state, PlatformAction.UPDATE)
    changes = body.model_dump(exclude_unset=True)
    if changes.get("name", platform.name) != platform.name:
        await check_name(session, platform.kind, changes["name"])
    if changes.get("enterprise_id") is not None:
        host = NamesEnterprise(enterprise_id=changes["enterprise_id"])
        changes["enterprise_id"] = (await enterprises.look_up(session, [host])).of(host).id
    before = platform.snapshot()
    if platform.change(changes):
        units = await units_of(session, platform)
        await directory.require(session, principal, UPDATE_PLATFORM, *units)
        await tell(session, platform, "platforms.update", before, units, platform.established_on)
    return platform


async def close_platform(
    session: Session,
    principal: Principal,
    platform_id: UUID,
    body: PlatformClose,
    expected: int | None,
) -> Platform:
    """It counts no longer from that day on.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FutureDate, DaysReversed.
    """
    platform = await load_for(session, principal, platform_id, CLOSE_PLATFORM)
    check_version(platform, expected)
    domain.check_step(platform.state, PlatformAction.CLOSE)
    domain.check_days(platform.established_on, body.closed_on, "closed_on", china_date())
    before = platform.snapshot()
    platform.change(
        {
            "state": PlatformState.CLOSED,
            "closed_on": body.closed_on,
            "close_reason": body.reason,
        }
    )
    units = await units_of(session, platform)
    await tell(session, platform, "platforms.close", before, units, body.closed_on)
    return platform


async def record_level(
    session: Session, principal: Principal, platform_id: UUID, body: PlatformLevelCreate
) -> PlatformLevel:
    """Record a level the platform has obtained.

    Raises:
        NotFound, Forbidden, InvalidTransition, LevelTaken, FutureDate, DaysReversed.
    """
    platform = await load_for(session, principal, platform_id, RECOGNISE_PLATFORM)
    domain.check_step(platform.state, PlatformAction.RECOGNISE)
    domain.check_days(platform.established_on, body.recognised_on, "recognised_on", china_date())
    had = await repository.levels_of(session, platform_id)
    if body.level in had:
        raise domain.LevelTaken().at("/level")
    before = platform.snapshot()
    level = PlatformLevel(platform_id=platform_id, **body.model_dump())
    session.add(level)
    platform.change({"level": highest([*had, body.level])})
    units = await units_of(session, platform)
    await tell(session, platform, "platforms.recognise", before, units, body.recognised_on)
    return level


async def get_level(session: Session, platform_id: UUID, level_id: UUID) -> PlatformLevel:
    """Raises `NotFound`."""
    level = await repository.get_level(session, platform_id, level_id)
    if level is None:
        raise NotFound(what=f"level {level_id} of platform {platform_id}")
    return level


async def list_levels(
    session: Session, page: PageRequest, platform_id: UUID, updated_since: datetime | None
) -> Page:
    """The levels one platform has obtained. Raises `NotFound`."""
    await get_platform(session, platform_id)
    return await repository.list_levels(session, page, platform_id, updated_since)


async def recount_due(session: Session) -> None:
    """The schedule: a month that has begun has its numbers, without anybody changing anything."""
    counts = [each for kind in KINDS for each in counts_of(kind)]
    await metrics.recount_platforms(session, china_date(), counts)


async def load_for(
    session: Session, principal: Principal, platform_id: UUID, permission: Permission
) -> Platform:
    """The platform, locked, for a change. Raises `NotFound`, `Forbidden`."""
    platform = await repository.get_for_update(session, platform_id)
    if platform is None:
        raise NotFound(what=f"platform {platform_id}")
    units = await units_of(session, platform)
    await directory.require(session, principal, permission, *units)
    return platform


def host_named(body: PlatformCreate) -> NamesEnterprise | None:
    """The enterprise a new platform names as its host, if it names one."""
    if body.enterprise_id is None and body.uscc is None:
        return None
    return NamesEnterprise(enterprise_id=body.enterprise_id, uscc=body.uscc)


async def units_of(session: Session, platform: Platform) -> list[str]:
    """The units that answer for a platform: its park's, and those of its host.

    Raises:
        UnknownReference: its park is not registered.
    """
    units = await enterprises.units_of_park(session, platform.park_code)
    if platform.enterprise_id is not None:
        host = await enterprises.load(session, platform.enterprise_id)
        units = [*units, *await enterprises.units_of(session, host)]
    return [*dict.fromkeys(units)]


async def check_name(session: Session, kind: str, name: str) -> None:
    """Raises `PlatformExists` for a name taken, also by somebody at the same time."""
    taken = domain.PlatformExists(name=name).at("/name")
    if await repository.named(session, kind, name) is not None:
        raise taken
    session.refuse("uq_platform_kind_name", taken)


async def tell(
    session: Session,
    platform: Platform,
    action: str,
    before: dict[str, Any] | None,
    units: list[str],
    since: date,
) -> None:
    """Note and tell a change, and count again what the platform is part of from that day on."""
    await session.flush()
    after = platform.snapshot()
    audit.record(session, action, "platform", platform.id, before=before, after=after)
    outbox.add(session, events.platform_changed(platform, units))
    await metrics.recount_platforms(session, china_date(), counts_of(platform.kind), since)
