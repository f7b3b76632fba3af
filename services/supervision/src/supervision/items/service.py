"""What can be done with a supervision item."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit import audit, context
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import UnknownReference

from supervision.calendar.service import add_workdays
from supervision.closures.domain import Case, refuse_unproved
from supervision.deadlines import repository as deadlines
from supervision.items import domain, events, repository
from supervision.items.domain import Action, ItemStatus, Opening
from supervision.items.models import ItemStep, SupervisionItem
from supervision.items.repository import Filters
from supervision.items.schemas import (
    ItemMerge,
    ItemTransfer,
    SupervisionItemCreate,
    SupervisionItemSummary,
    UnitItemCount,
)
from supervision.permissions import (
    ACKNOWLEDGE_ITEM,
    CANCEL_ITEM,
    CLOSE_ITEM,
    CREATE_ITEM,
    MERGE_ITEM,
    READ_ITEM,
    RETURN_ITEM,
    START_ITEM,
    SUBMIT_ITEM,
    TRANSFER_ITEM,
    VERIFY_ITEM,
)

DOES_NOT_WAIT = frozenset({Action.SUBMIT, Action.CANCEL, Action.MERGE, Action.TRANSFER})
"""After one of these nobody waits any more for what its unit had asked for."""
LATE_AT_ONCE = 200
"""Late items found in one transaction; the next run takes the rest."""


def note_step(session: Session, item: SupervisionItem, action: str, note: str | None) -> None:
    """Write the step and the audit row of what was just done."""
    who = context.current().principal
    step = ItemStep(
        item_id=item.id,
        version=item.version,
        action=action,
        status=item.status,
        actor=who.subject,
        unit=who.unit,
        note=note,
    )
    session.add(step)
    with context.in_case(item.correlation_id):
        audit.record(
            session,
            f"supervision_items.{action}",
            "supervision_item",
            item.id,
            after={"status": item.status, "version": item.version, "note": note},
        )


async def open_item(session: Session, opening: Opening) -> SupervisionItem:
    """Issue an item; it holds payments to its unit from now on, if it is of that kind.

    Raises:
        DeadlineInThePast: it would be overdue at once.
    """
    today = china_date()
    if opening.due_on is not None and opening.due_on < today:
        raise domain.DeadlineInThePast(due_on=opening.due_on)
    count = 0 if opening.due_on else opening.due_workdays or domain.DEFAULT_WORKDAYS
    start = opening.due_on or today
    deadline = await add_workdays(session, start, count)
    item = SupervisionItem(
        number=await repository.next_number(session, today.year),
        title=opening.title,
        description=opening.description,
        origin=opening.origin,
        origin_ref=opening.origin_ref,
        responsible_unit=opening.responsible_unit,
        issued_on=today,
        due_on=deadline.due_on,
        due_provisional=deadline.provisional,
        due_from=start,
        due_workdays=count,
        due_set_on=today,
        remind_on=today,
        holds_payments=opening.holds_payments,
        severity=opening.severity,
        status=ItemStatus.ISSUED,
        correlation_id=context.current().correlation_id,
        indicator_code=opening.indicator_code,
        period=opening.period,
        reason_zh=opening.reason_zh,
        reason_en=opening.reason_en,
        measured_after=opening.measured_after or (now() if opening.indicator_code else None),
    )
    session.add(item)
    await session.flush()
    note_step(session, item, "issue", None)
    outbox.add(session, events.item_opened(item))
    return item


async def create_item(
    session: Session, principal: Principal, body: SupervisionItemCreate
) -> SupervisionItem:
    """Issue an item by hand."""
    await directory.require(session, principal, CREATE_ITEM, body.responsible_unit)
    return await open_item(session, Opening(origin="manual", **body.model_dump()))


async def open_case(session: Session, opening: Opening) -> SupervisionItem | None:
    """Open the case of an indicator, a rule or a missed deadline unless one is open already; then
    none."""
    assert opening.origin_ref is not None
    if await repository.open_case(session, opening.origin, opening.origin_ref) is not None:
        return None
    return await open_item(session, opening)


async def load_item(
    session: Session,
    principal: Principal,
    permission: Permission,
    item_id: UUID,
    expected: int | None,
) -> SupervisionItem:
    item = await repository.get_for_update(session, item_id)
    await directory.require(session, principal, permission, item.responsible_unit)
    check_version(item, expected)
    return item


async def take_step(
    session: Session, item: SupervisionItem, action: Action, note: str | None = None
) -> SupervisionItem:
    """Take one step of the state machine; the caller has set what the step is about."""
    item.status = domain.next_status(action, item.status)
    item.touch()
    note_step(session, item, action, note)
    if action in DOES_NOT_WAIT:
        await deadlines.withdraw_pending(session, item.id)
    if item.status in domain.ENDED:
        item.closed_at = now()
        with context.in_case(item.correlation_id):
            outbox.add(session, events.item_closed(item))
    await session.flush()
    return item


async def acknowledge_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None
) -> SupervisionItem:
    """The responsible unit has received it."""
    item = await load_item(session, principal, ACKNOWLEDGE_ITEM, item_id, expected)
    return await take_step(session, item, Action.ACKNOWLEDGE)


async def start_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None
) -> SupervisionItem:
    """The responsible unit has begun to put it right."""
    item = await load_item(session, principal, START_ITEM, item_id, expected)
    return await take_step(session, item, Action.START)


async def submit_item(
    session: Session,
    principal: Principal,
    item_id: UUID,
    expected: int | None,
    rectification: str,
) -> SupervisionItem:
    """The responsible unit says what it has done."""
    item = await load_item(session, principal, SUBMIT_ITEM, item_id, expected)
    domain.next_status(Action.SUBMIT, item.status)
    item.rectification, item.submitted_by = rectification, principal.subject
    return await take_step(session, item, Action.SUBMIT, rectification)


async def return_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, reason: str
) -> SupervisionItem:
    """The office sends it back; what it had verified or excepted no longer holds."""
    item = await load_item(session, principal, RETURN_ITEM, item_id, expected)
    domain.next_status(Action.RETURN, item.status)
    send_back(item, reason)
    return await take_step(session, item, Action.RETURN, reason)


def send_back(item: SupervisionItem, reason: str) -> None:
    """What was found before no longer holds: the unit goes on with it."""
    item.return_reason = reason
    item.return_count += 1
    item.verified_by = item.verification_note = None
    item.exception_by = item.exception_reason = None
    item.reinspected_by = item.reinspected_on = None
    item.remind_on = china_date()


async def verify_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, note: str | None
) -> SupervisionItem:
    """Someone of the office who did none of it finds that it is put right.

    Raises:
        VerifierIsDoer: the caller worked on it.
    """
    item = await load_item(session, principal, VERIFY_ITEM, item_id, expected)
    domain.next_status(Action.VERIFY, item.status)
    domain.refuse_doer(principal.subject, await repository.doers(session, item.id))
    item.verified_by, item.verification_note = principal.subject, note
    return await take_step(session, item, Action.VERIFY, note)


async def close_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, note: str | None
) -> SupervisionItem:
    """Close the case and let payments go.

    Raises:
        VerifierIsDoer: the caller worked on it.
        IndicatorNotRemeasured, RuleNotRestored, NotReinspected, NotHandedIn: what it waits for has
            not been shown, and no exception is approved.
    """
    item = await load_item(session, principal, CLOSE_ITEM, item_id, expected)
    domain.next_status(Action.CLOSE, item.status)
    domain.refuse_doer(principal.subject, await repository.doers(session, item.id))
    refuse_unproved(
        Case(
            origin=item.origin,
            origin_ref=item.origin_ref,
            indicator=item.indicator_code,
            remeasured_status=item.remeasured_status,
            restored=item.restored_at is not None,
            reinspected=item.reinspected_on is not None,
            handed_in=item.handed_in_at is not None,
            excepted=item.exception_by is not None,
        )
    )
    item.closed_by = principal.subject
    return await take_step(session, item, Action.CLOSE, note)


async def cancel_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, reason: str
) -> SupervisionItem:
    """The office withdraws an open item, with a reason; payments are let go."""
    item = await load_item(session, principal, CANCEL_ITEM, item_id, expected)
    item.cancel_reason = reason
    return await take_step(session, item, Action.CANCEL, reason)


async def transfer_item(
    session: Session,
    principal: Principal,
    item_id: UUID,
    expected: int | None,
    body: ItemTransfer,
) -> SupervisionItem:
    """Another unit has to put it right, by the same deadline; it begins with acknowledging it.

    Raises:
        UnknownReference: there is no such unit, or it is not active.
        SameUnit: it is responsible already.
    """
    item = await load_item(session, principal, TRANSFER_ITEM, item_id, expected)
    domain.next_status(Action.TRANSFER, item.status)
    before, unit = item.responsible_unit, body.responsible_unit
    if unit == before:
        raise domain.SameUnit(unit=unit)
    if not await directory.is_active(session, unit):
        raise UnknownReference(what=f"unit {unit}")
    item.responsible_unit = unit
    item = await take_step(session, item, Action.TRANSFER, f"{before} → {unit}：{body.reason}")
    with context.in_case(item.correlation_id):
        outbox.add(session, events.item_transferred(item, before))
    return item


async def merge_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, body: ItemMerge
) -> SupervisionItem:
    """The item goes into another one of the same unit and ends as cancelled; the other one goes
    on. The two are locked in the order of their ids.

    Raises:
        UnknownReference: there is no such other item.
        CannotMerge: it is of another unit, has ended or is the same one; or this item is about an
            indicator or a rule that the other is not about.
    """
    locked = {each: await repository.lock(session, each) for each in sorted((item_id, body.into))}
    item = await load_item(session, principal, MERGE_ITEM, item_id, expected)
    domain.next_status(Action.MERGE, item.status)
    target = locked[body.into]
    if target is None:
        raise UnknownReference(what=f"supervision item {body.into}")
    domain.refuse_merge(
        number=item.number,
        into=target.number,
        same_unit=item.responsible_unit == target.responsible_unit,
        target_open=target.status in domain.OPEN,
        another_proof=domain.proves_otherwise(item.origin, target.origin)
        or item.indicator_code != target.indicator_code,
    )
    item.merged_into, item.cancel_reason = target.id, body.reason
    target.touch()
    note_step(session, target, "absorb", item.number)
    return await take_step(session, item, Action.MERGE, f"→ {target.number}：{body.reason}")


async def announce_late_items(session: Session) -> None:
    """Schedule: tell of every item whose unit has let the deadline pass, once."""
    for item in await repository.newly_late(session, china_date(), LATE_AT_ONCE):
        item.overdue_at = now()
        item.touch()
        note_step(session, item, "overdue", None)
        with context.in_case(item.correlation_id):
            outbox.add(session, events.item_overdue(item))


async def get_item(session: Session, principal: Principal, item_id: UUID) -> SupervisionItem:
    item = await repository.get(session, item_id)
    await directory.require(session, principal, READ_ITEM, item.responsible_unit)
    return item


async def list_items(
    session: Session, principal: Principal, page: PageRequest, filters: Filters
) -> dict[str, Any]:
    units = await directory.visible_units(session, principal, READ_ITEM)
    today = china_date()
    soon = await amber_until(session, today) if filters.light else today
    return await repository.list_items(session, page, units, filters, today, soon)


async def amber_until(session: Session, today: date) -> date:
    """The last deadline that stands at amber today."""
    return (await add_workdays(session, today, domain.AMBER_WORKDAYS)).due_on


async def list_steps(
    session: Session,
    principal: Principal,
    item_id: UUID,
    page: PageRequest,
    updated_since: datetime | None,
) -> Page[Any]:
    await get_item(session, principal, item_id)
    return await repository.list_steps(session, item_id, page, updated_since)


async def summarise(
    session: Session, principal: Principal, responsible_unit: str | None
) -> SupervisionItemSummary:
    """Counts over the items the caller may see, or those of one unit."""
    units: Sequence[str] | None
    units = await directory.visible_units(session, principal, READ_ITEM)
    if responsible_unit is not None:
        units = [responsible_unit] if units is None or responsible_unit in units else []
    rows = await repository.summary(session, units, china_date())
    by_status = {status.value: 0 for status in ItemStatus}
    by_unit: dict[str, UnitItemCount] = {}
    for row in rows:
        by_status[row["status"]] += row["items"]
        if row["status"] in domain.OPEN:
            code = row["responsible_unit"]
            count = by_unit.setdefault(code, UnitItemCount(unit_code=code, open=0, overdue=0))
            count.open += row["items"]
            count.overdue += row["overdue"]
    return SupervisionItemSummary(
        open=sum(by_status[status] for status in domain.OPEN),
        overdue=sum(count.overdue for count in by_unit.values()),
        closed=by_status[ItemStatus.CLOSED],
        cancelled=by_status[ItemStatus.CANCELLED],
        by_status=by_status,
        by_unit=list(by_unit.values()),
    )
