"""What can be done with a supervision item."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
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

from supervision.calendar.domain import period_end
from supervision.calendar.service import add_workdays
from supervision.items import domain, events, repository
from supervision.items.domain import Action, ItemStatus, Measurement, Opening
from supervision.items.models import ItemStep, SupervisionItem
from supervision.items.repository import Filters
from supervision.items.schemas import (
    SupervisionItemCreate,
    SupervisionItemSummary,
    UnitItemCount,
)
from supervision.permissions import (
    ACKNOWLEDGE_ITEM,
    CANCEL_ITEM,
    CLOSE_ITEM,
    CREATE_ITEM,
    EXCEPT_ITEM,
    READ_ITEM,
    RETURN_ITEM,
    START_ITEM,
    SUBMIT_ITEM,
    VERIFY_ITEM,
)

LATE_AT_ONCE = 200
"""Late items found in one transaction; the next run takes the rest."""


@contextmanager
def _case(item: SupervisionItem) -> Iterator[None]:
    """What is done to an item carries the correlation id it was opened with."""
    with context.using(replace(context.current(), correlation_id=item.correlation_id)):
        yield


def _note(session: Session, item: SupervisionItem, action: str, note: str | None) -> None:
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
    with _case(item):
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
    deadline = await add_workdays(session, opening.due_on or today, count)
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
        holds_payments=opening.holds_payments,
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
    _note(session, item, "issue", None)
    outbox.add(session, events.item_opened(item))
    return item


async def create_item(
    session: Session, principal: Principal, body: SupervisionItemCreate
) -> SupervisionItem:
    """Issue an item by hand."""
    await directory.require(session, principal, CREATE_ITEM, body.responsible_unit)
    return await open_item(session, Opening(origin="manual", **body.model_dump()))


async def open_case(session: Session, opening: Opening) -> SupervisionItem | None:
    """Open the case of an indicator or a rule unless one is open already; then none."""
    assert opening.origin_ref is not None
    if await repository.open_case(session, opening.origin, opening.origin_ref) is not None:
        return None
    return await open_item(session, opening)


async def _load(
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


async def _step(
    session: Session, item: SupervisionItem, action: Action, note: str | None = None
) -> SupervisionItem:
    """Take one step of the state machine; the caller has set what the step is about."""
    item.status = domain.next_status(action, item.status)
    item.version += 1
    _note(session, item, action, note)
    if item.status in domain.ENDED:
        item.closed_at = now()
        with _case(item):
            outbox.add(session, events.item_closed(item))
    await session.flush()
    return item


async def acknowledge_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None
) -> SupervisionItem:
    """The responsible unit has received it."""
    item = await _load(session, principal, ACKNOWLEDGE_ITEM, item_id, expected)
    return await _step(session, item, Action.ACKNOWLEDGE)


async def start_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None
) -> SupervisionItem:
    """The responsible unit has begun to put it right."""
    item = await _load(session, principal, START_ITEM, item_id, expected)
    return await _step(session, item, Action.START)


async def submit_item(
    session: Session,
    principal: Principal,
    item_id: UUID,
    expected: int | None,
    rectification: str,
) -> SupervisionItem:
    """The responsible unit says what it has done."""
    item = await _load(session, principal, SUBMIT_ITEM, item_id, expected)
    domain.next_status(Action.SUBMIT, item.status)
    item.rectification, item.submitted_by = rectification, principal.subject
    return await _step(session, item, Action.SUBMIT, rectification)


async def return_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, reason: str
) -> SupervisionItem:
    """The office sends it back; what it had verified or excepted no longer holds."""
    item = await _load(session, principal, RETURN_ITEM, item_id, expected)
    domain.next_status(Action.RETURN, item.status)
    item.return_reason = reason
    item.return_count += 1
    item.verified_by = item.verification_note = None
    item.exception_by = item.exception_reason = None
    return await _step(session, item, Action.RETURN, reason)


async def verify_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, note: str | None
) -> SupervisionItem:
    """Someone of the office who did none of it finds that it is put right.

    Raises:
        VerifierIsDoer: the caller worked on it.
    """
    item = await _load(session, principal, VERIFY_ITEM, item_id, expected)
    domain.next_status(Action.VERIFY, item.status)
    domain.refuse_doer(principal.subject, await repository.doers(session, item.id))
    item.verified_by, item.verification_note = principal.subject, note
    return await _step(session, item, Action.VERIFY, note)


async def close_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, note: str | None
) -> SupervisionItem:
    """Close the case and let payments go.

    Raises:
        VerifierIsDoer: the caller worked on it.
        IndicatorNotRemeasured: its indicator has not been measured off red since it was opened
            and no exception is approved.
    """
    item = await _load(session, principal, CLOSE_ITEM, item_id, expected)
    domain.next_status(Action.CLOSE, item.status)
    domain.refuse_doer(principal.subject, await repository.doers(session, item.id))
    domain.refuse_unmeasured(
        item.indicator_code, item.remeasured_status, excepted=item.exception_by is not None
    )
    item.closed_by = principal.subject
    return await _step(session, item, Action.CLOSE, note)


async def cancel_item(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, reason: str
) -> SupervisionItem:
    """The office withdraws an open item, with a reason; payments are let go."""
    item = await _load(session, principal, CANCEL_ITEM, item_id, expected)
    item.cancel_reason = reason
    return await _step(session, item, Action.CANCEL, reason)


async def approve_exception(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, reason: str
) -> SupervisionItem:
    """The office lets an item be closed although its indicator is not measured off red again.

    Raises:
        InvalidTransition: the rectification is not submitted: nothing is there to judge.
        ExceptionNotNeeded: the item waits for no indicator, or has its exception.
        VerifierIsDoer: the caller worked on it.
    """
    item = await _load(session, principal, EXCEPT_ITEM, item_id, expected)
    domain.next_status(Action.RETURN, item.status)
    if item.indicator_code is None or item.exception_by is not None:
        raise domain.ExceptionNotNeeded
    domain.refuse_doer(principal.subject, await repository.doers(session, item.id))
    item.exception_by, item.exception_reason = principal.subject, reason
    item.version += 1
    _note(session, item, "approve_exception", reason)
    await session.flush()
    return item


async def note_measurement(
    session: Session, indicator_code: str, period: str, status: str, measured_at: datetime
) -> None:
    """A new actual of an indicator: the open items about it may now be closed, or no longer."""
    found = Measurement(measured_at, period, period_end(period), status)
    for item in await repository.waiting_for(session, indicator_code):
        after = item.remeasured_at or item.measured_after or item.created_at
        period_before = item.remeasured_period or item.period
        not_before = period_end(period_before) if period_before else None
        if domain.counts_as_remeasured(found, after=after, not_before=not_before):
            item.remeasured_at = measured_at
            item.remeasured_period, item.remeasured_status = period, status
            item.version += 1
            _note(session, item, "remeasure", f"{period} {status}")


async def announce_late_items(session: Session) -> None:
    """Schedule: tell of every item whose unit has let the deadline pass, once."""
    for item in await repository.newly_late(session, china_date(), LATE_AT_ONCE):
        item.overdue_at = now()
        item.version += 1
        _note(session, item, "overdue", None)
        with _case(item):
            outbox.add(session, events.item_overdue(item))


async def get_item(session: Session, principal: Principal, item_id: UUID) -> SupervisionItem:
    item = await repository.get(session, item_id)
    await directory.require(session, principal, READ_ITEM, item.responsible_unit)
    return item


async def list_items(
    session: Session, principal: Principal, page: PageRequest, filters: Filters
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_ITEM)
    return await repository.list_items(session, page, units, filters, china_date())


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
