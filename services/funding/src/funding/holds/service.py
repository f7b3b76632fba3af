"""Holding and releasing the payments to a unit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import PageRequest
from servicekit.messaging import outbox

from funding.disbursements import events as disbursement_events
from funding.disbursements import repository as disbursements
from funding.holds import repository
from funding.holds.models import PaymentHold
from funding.holds.repository import HoldFilter
from funding.permissions import READ_HOLD


async def open_hold(session: Session, values: Mapping[str, Any]) -> None:
    """A rectification was opened against a unit: its payments that are on their way stop."""
    unit = values["payee_unit"]
    await repository.lock_payee(session, unit)
    if not await repository.insert_if_missing(session, dict(values)):
        return
    item_id: UUID = values["item_id"]
    audit.record(session, "payment_holds.open", "payment_hold", item_id, after=dict(values))
    await _stop(session, unit, item_id)


async def release_hold(session: Session, item_id: UUID, outcome: str, at: datetime) -> None:
    """The rectification ended; payments go on unless another one is open."""
    hold = await repository.get_for_update(session, item_id)
    if hold is None or hold.released_at is not None:
        return
    await repository.lock_payee(session, hold.payee_unit)
    before = hold.snapshot()
    hold.change({"released_at": at, "outcome": outcome})
    await session.flush()
    _record(session, "payment_holds.release", hold, before)
    await _let_go(session, hold.payee_unit, item_id)


async def move_hold(session: Session, item_id: UUID, unit: str) -> None:
    """Another unit has to put it right: its payments stop, and those of the one before go on."""
    hold = await repository.get_for_update(session, item_id)
    if hold is None or hold.released_at is not None:
        return
    before, from_unit = hold.snapshot(), hold.payee_unit
    for each in sorted({from_unit, unit}):
        await repository.lock_payee(session, each)
    hold.change({"payee_unit": unit})
    await session.flush()
    _record(session, "payment_holds.move", hold, before)
    await _let_go(session, from_unit, item_id)
    await _stop(session, unit, item_id)


async def set_due_day(session: Session, item_id: UUID, due_on: date) -> None:
    """The deadline of the rectification moved."""
    hold = await repository.get_for_update(session, item_id)
    if hold is not None:
        before = hold.snapshot()
        hold.change({"due_on": due_on})
        await session.flush()
        _record(session, "payment_holds.update", hold, before)


async def _stop(session: Session, unit: str, item_id: UUID) -> None:
    """Hold the unit's payments that are on their way and not held yet."""
    for row in await disbursements.lock_stoppable(session, unit):
        if row.held_by is None:
            row.held_by = item_id
            row.touch()
            outbox.add(session, disbursement_events.disbursement_held(row, item_id))


async def _let_go(session: Session, unit: str, item_id: UUID) -> None:
    """What this item held goes on, unless another one holds it."""
    others = await repository.open_of(session, unit)
    next_item = others[0].item_id if others else None
    for row in await disbursements.lock_stoppable(session, unit):
        if row.held_by == item_id:
            row.held_by = next_item
            row.touch()


def _record(session: Session, action: str, hold: PaymentHold, before: Any) -> None:
    audit.record(
        session, action, "payment_hold", hold.item_id, before=before, after=hold.snapshot()
    )


async def list_payment_holds(
    session: Session, principal: Principal, page: PageRequest, wanted: HoldFilter
) -> dict[str, Any]:
    payees = await directory.visible_units(session, principal, READ_HOLD)
    return await repository.list_payment_holds(session, page, replace(wanted, payees=payees))
