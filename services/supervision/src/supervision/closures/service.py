"""Noting the proofs that items wait for."""

from datetime import datetime
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session

from supervision.calendar.domain import period_end
from supervision.closures import domain
from supervision.closures.domain import Measurement
from supervision.closures.schemas import ReinspectionGiven
from supervision.inspections.domain import refuse_future
from supervision.items import domain as items_domain
from supervision.items import repository as items
from supervision.items.domain import Action
from supervision.items.models import SupervisionItem
from supervision.items.service import load_item, note_step, send_back, take_step
from supervision.permissions import EXCEPT_ITEM, REINSPECT_ITEM


async def approve_exception(
    session: Session, principal: Principal, item_id: UUID, expected: int | None, reason: str
) -> SupervisionItem:
    """The office lets an item be closed without the proof it waits for.

    Raises:
        InvalidTransition: the rectification is not submitted: nothing is there to judge.
        ExceptionNotNeeded: the item waits for no proof, or has its exception.
        VerifierIsDoer: the caller worked on it.
    """
    item = await load_item(session, principal, EXCEPT_ITEM, item_id, expected)
    items_domain.next_status(Action.RETURN, item.status)
    needed = domain.proof_needed(item.origin, item.indicator_code)
    if needed is None or item.exception_by is not None:
        raise domain.ExceptionNotNeeded
    items_domain.refuse_doer(principal.subject, await items.doers(session, item.id))
    item.exception_by, item.exception_reason = principal.subject, reason
    item.touch()
    note_step(session, item, "approve_exception", reason)
    await session.flush()
    return item


async def reinspect(
    session: Session,
    principal: Principal,
    item_id: UUID,
    expected: int | None,
    body: ReinspectionGiven,
) -> SupervisionItem:
    """Somebody who did none of the work has looked at it again; what did not pass goes back.

    Raises:
        InvalidTransition: the rectification is not submitted.
        NotYet: the day lies in the future.
        VerifierIsDoer: the caller worked on it.
    """
    item = await load_item(session, principal, REINSPECT_ITEM, item_id, expected)
    items_domain.next_status(Action.RETURN, item.status)
    refuse_future(body.inspected_on, china_date())
    items_domain.refuse_doer(principal.subject, await items.doers(session, item.id))
    if not body.passed:
        send_back(item, body.note)
        return await take_step(session, item, Action.RETURN, body.note)
    item.reinspected_on, item.reinspected_by = body.inspected_on, principal.subject
    item.touch()
    note_step(session, item, "reinspect", body.note)
    await session.flush()
    return item


async def note_measurement(
    session: Session, indicator_code: str, period: str, status: str, measured_at: datetime
) -> None:
    """A new actual of an indicator: the open items about it may now be closed, or no longer."""
    found = Measurement(measured_at, period, period_end(period), status)
    for item in await items.waiting_for(session, indicator_code):
        after = item.remeasured_at or item.measured_after or item.created_at
        period_before = item.remeasured_period or item.period
        not_before = period_end(period_before) if period_before else None
        if domain.counts_as_remeasured(found, after=after, not_before=not_before):
            item.remeasured_at = measured_at
            item.remeasured_period, item.remeasured_status = period, status
            item.touch()
            note_step(session, item, "remeasure", f"{period} {status}")


async def note_restoration(
    session: Session, rule_code: str, fiscal_year: int, restored_at: datetime | None
) -> None:
    """A fiscal rule is kept again (or, with none, is broken again): its open case of that year
    may be closed, or no longer."""
    item = await items.open_case(session, "rule", rule_code)
    if item is None or item.period != str(fiscal_year) or item.restored_at == restored_at:
        return
    item.restored_at = restored_at
    item.touch()
    note_step(session, item, "restore" if restored_at else "breach", str(fiscal_year))
