"""Use cases of the achievements."""

from datetime import date
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from parks.achievements import domain, events, repository
from parks.achievements.domain import COUNTS, AchievementAction, AchievementState
from parks.achievements.models import Achievement
from parks.achievements.schemas import AchievementCreate, AchievementUpdate
from parks.enterprises import service as enterprises
from parks.metrics import service as metrics
from parks.parks.domain import check_not_in_future
from parks.permissions import (
    CREATE_ACHIEVEMENT,
    READ_ACHIEVEMENT,
    UPDATE_ACHIEVEMENT,
    WITHDRAW_ACHIEVEMENT,
)
from parks.technology_contracts import repository as contracts


async def get_achievement(
    session: Session, principal: Principal, achievement_id: UUID
) -> Achievement:
    """Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, achievement_id)
    if row is None:
        raise NotFound(what=f"achievement {achievement_id}")
    await directory.require(session, principal, READ_ACHIEVEMENT, *await units_of(session, row))
    return row


async def list_achievements(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page:
    """The achievements the caller may see."""
    units = await directory.visible_units(session, principal, READ_ACHIEVEMENT)
    return await repository.list_achievements(session, page, units=units, **wanted)


async def create_achievement(
    session: Session, principal: Principal, body: AchievementCreate
) -> Achievement:
    """Register an achievement that went to an enterprise.

    Raises:
        AchievementExists: see `domain`.
        FutureDate: it has not gone yet.
        UnknownReference, InvalidUscc, EnterpriseUnnamed, EnterprisesDiffer: its enterprise.
        UnknownReference: no contract is registered with this number.
        Forbidden: a park may only register those of its own enterprises.
    """
    check_not_in_future(body.transferred_on, china_date(), "/transferred_on")
    receiver = (await enterprises.look_up(session, [body])).of(body)
    await directory.require(session, principal, CREATE_ACHIEVEMENT, *receiver.units)
    row = Achievement(
        **body.model_dump(exclude={"uscc", "enterprise_id", "contract_number"}),
        enterprise_id=receiver.id,
        contract_id=await contract_of(session, body.contract_number),
        state=AchievementState.REGISTERED,
    )
    await check_new(session, receiver.id, body.title, body.transferred_on)
    session.add(row)
    await tell(session, row, "achievements.create", None, body.transferred_on)
    return row


async def update_achievement(
    session: Session,
    principal: Principal,
    achievement_id: UUID,
    body: AchievementUpdate,
    expected: int | None,
) -> Achievement:
    """Change what the patch names; the months it counts in are counted again.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FutureDate.
        AchievementExists, UnknownReference.
    """
    row = await lock(session, principal, UPDATE_ACHIEVEMENT, achievement_id)
    check_version(row, expected, required=False)
    domain.check_step(row.state, AchievementAction.UPDATE)
    changes = body.model_dump(exclude_unset=True)
    if "contract_number" in changes:
        changes["contract_id"] = await contract_of(session, changes.pop("contract_number"))
    title, day = (changes.get(name, getattr(row, name)) for name in ("title", "transferred_on"))
    check_not_in_future(day, china_date(), "/transferred_on")
    if (title, day) != (row.title, row.transferred_on):
        await check_new(session, row.enterprise_id, title, day)
    before = row.snapshot()
    if row.change(changes):
        since = min(day, before["transferred_on"])
        await tell(session, row, "achievements.update", before, since)
    return row


async def withdraw_achievement(
    session: Session,
    principal: Principal,
    achievement_id: UUID,
    reason: str,
    expected: int | None,
) -> Achievement:
    """It was none, or is registered twice: it counts no longer, in no month.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition.
    """
    row = await lock(session, principal, WITHDRAW_ACHIEVEMENT, achievement_id)
    check_version(row, expected)
    domain.check_step(row.state, AchievementAction.WITHDRAW)
    before = row.snapshot()
    row.change({"state": AchievementState.WITHDRAWN, "withdraw_reason": reason})
    await tell(session, row, "achievements.withdraw", before, row.transferred_on)
    return row


async def recount_due(session: Session) -> None:
    """The schedule: a month that has begun has its number, without anybody changing anything."""
    await metrics.recount(session, repository.COUNTING, COUNTS, china_date())


async def lock(
    session: Session, principal: Principal, permission: Permission, achievement_id: UUID
) -> Achievement:
    """The achievement, locked, for a change. Raises `NotFound`, `Forbidden`."""
    row = await repository.get_for_update(session, achievement_id)
    if row is None:
        raise NotFound(what=f"achievement {achievement_id}")
    await directory.require(session, principal, permission, *await units_of(session, row))
    return row


async def units_of(session: Session, row: Achievement) -> list[str]:
    """The units that answer for the enterprise it went to."""
    enterprise = await enterprises.load(session, row.enterprise_id)
    return await enterprises.units_of(session, enterprise)


async def contract_of(session: Session, number: str | None) -> UUID | None:
    """Raises `UnknownReference` where no contract is registered with this number."""
    if number is None:
        return None
    contract = await contracts.registered(session, number)
    if contract is None:
        raise UnknownReference(what=f"technology contract {number}").at("/contract_number")
    return contract.id


async def check_new(session: Session, enterprise_id: UUID, title: str, day: date) -> None:
    """Raises `AchievementExists`, also where somebody registers it at the same time."""
    taken = domain.AchievementExists(title=title).at("/title")
    if await repository.same(session, enterprise_id, title, day) is not None:
        raise taken
    session.refuse("uq_achievement_title", taken)


async def tell(
    session: Session, row: Achievement, action: str, before: dict[str, Any] | None, since: date
) -> None:
    """Note and tell a change, and count again from that day on."""
    await session.flush()
    audit.record(session, action, "achievement", row.id, before=before, after=row.snapshot())
    make = events.achievement_registered if before is None else events.achievement_changed
    outbox.add(session, make(row, await units_of(session, row)))
    await metrics.recount(
        session, repository.COUNTING, COUNTS, china_date(), since, row.withdraw_reason
    )
