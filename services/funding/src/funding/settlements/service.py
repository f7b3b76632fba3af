"""Use cases of what became of payments; locks as in `disbursements.service`."""

from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.messaging import outbox

from funding.agreements import service as agreements
from funding.awards import repository as awards
from funding.awards import service as award_service
from funding.awards.models import Award
from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.disbursements import domain, events, repository
from funding.disbursements import service as payments
from funding.disbursements.domain import DisbursementState, Outcome
from funding.disbursements.models import Disbursement
from funding.fiscal_years import repository as fiscal_years
from funding.journal import domain as entries
from funding.journal import service as journal
from funding.journal.domain import Kind, Stage
from funding.payment_batches import events as batch_events
from funding.payment_batches import repository as batches
from funding.payment_batches.domain import BatchState
from funding.payment_results import repository as results


async def settle_disbursement(
    session: Session,
    principal: Principal,
    disbursement_id: UUID,
    result: dict[str, Any],
    expected: int | None,
) -> Disbursement:
    """Note what the treasury says; only now does the journal move.

    Raises:
        InvalidTransition: the payment is not on its way.
        PaidOnMissing: it succeeded, but on what day?
        AlreadyRefunded: the payee gave some of it back.
        NoOpenYear, LineIsDraft: it came back after its year was closed; see
            `budgets.service.successor_of`.
    """
    row, _ = await payments.look(session, disbursement_id, expected)
    if row.batch_id is None and result["outcome"] == Outcome.SUCCEEDED:
        return _arrive_at_once(session, principal, row, result)
    row = await payments.load(session, disbursement_id, expected)
    return await settle(session, principal, row, result)


def _arrive_at_once(
    session: Session, principal: Principal, row: Disbursement, result: dict[str, Any]
) -> Disbursement:
    """The usual end of a payment, in one statement that is a transaction."""
    payments.step_at_once(session, row, "settle", _ended(principal, row, result))
    repository.write_arrival(session)
    outbox.add(session, events.disbursement_succeeded(row))
    assert row.paid_on is not None, "it arrived"
    journal.defer_step(
        session,
        Kind.DISBURSEMENT,
        row.budget_id,
        row.amount,
        source=("disbursement", row.id),
        occurred_on=row.paid_on,
    )
    return row


def _ended(principal: Principal, row: Disbursement, result: dict[str, Any]) -> dict[str, Any]:
    """What a result changes of the payment, if it may follow now."""
    outcome = Outcome(result["outcome"])
    domain.check_step(row.state, outcome)
    domain.check_result(
        outcome, has_day=result["paid_on"] is not None, is_refunded=row.refunded > 0
    )
    arrived = row.state == DisbursementState.SUCCEEDED
    return {
        "state": outcome.value,
        "settled_by": principal.subject,
        "settled_at": now(),
        "paid_on": row.paid_on if arrived else result["paid_on"],
        "reference": result["reference"] or row.reference,
        "reason": result["reason"],
    }


async def settle(
    session: Session, principal: Principal, row: Disbursement, result: dict[str, Any]
) -> Disbursement:
    """The same for a payment that is locked, whichever version the caller has seen."""
    values = _ended(principal, row, result)
    arrived = row.state == DisbursementState.SUCCEEDED
    await payments.step(session, row, "settle", values)
    if row.batch_id is not None:
        await _note_in_batch(session, principal, row, result, arrived=arrived)
    if row.state == Outcome.SUCCEEDED:
        await _book(session, row)
        return row
    outbox.add(session, events.disbursement_failed(row, had_arrived=arrived))
    if arrived:
        reason = result["reason"] or row.state
        await _take_back(session, row, reason)
        await award_service.release_if_closed(session, row.award_id, row.amount, reason)
    else:
        await payments.release(session, row)
    return row


async def _note_in_batch(
    session: Session,
    principal: Principal,
    row: Disbursement,
    result: dict[str, Any],
    *,
    arrived: bool,
) -> None:
    """Write the result beside the payment's line, count it, and keep what the treasury said."""
    assert row.batch_id is not None, "it is in a batch"
    shown = {name: getattr(row, name) for name in ("state", "paid_on", "reference", "reason")}
    line = await batches.settle_line(session, row.batch_id, row.id, shown)
    batch = await batches.count_result(session, line, Outcome(row.state), arrived=arrived)
    await results.keep(session, line, batch.number, principal.subject, result)
    if batch.state == BatchState.SETTLED and not arrived:
        outbox.add(session, batch_events.batch_settled(batch))


async def _book(session: Session, row: Disbursement) -> None:
    settled = await awards.settle(session, row.award_id, row.amount)
    booked = await budgets.disburse(session, row.budget_id, row.amount)
    assert settled is not None, "the payment was reserved"
    assert booked is not None, "an award is part of its budget line"
    outbox.add(session, events.disbursement_succeeded(row))
    await journal.post_step(
        session,
        Kind.DISBURSEMENT,
        row.budget_id,
        row.amount,
        source=("disbursement", row.id),
        occurred_on=row.paid_on,
    )


async def _take_back(session: Session, row: Disbursement, reason: str) -> None:
    await fiscal_years.hold_open_from(session, row.fiscal_year)
    award = await awards.take_back(session, row.award_id, row.amount)
    assert award is not None, "the payment was booked"
    await agreements.give_back(session, row.tranche_id, row.amount)
    if await fiscal_years.is_closed(session, row.fiscal_year):
        await _take_back_late(session, row, award, reason)
        return
    booked = await budgets.disburse(session, row.budget_id, -row.amount)
    assert booked is not None, "an award is part of its budget line"
    await journal.reverse_step(session, Kind.DISBURSEMENT, row.id, row.budget_id, reason=reason)


async def _take_back_late(session: Session, row: Disbursement, award: Award, reason: str) -> None:
    """The year that paid is closed: the promise stands again, in the line that pays the award now
    or, if that is closed too, in the one that continues it."""
    line_id = award.budget_id
    if await fiscal_years.is_closed(session, award.fiscal_year):
        assert row.checked_by is not None, "it was paid"
        line = await lines.successor_of(session, line_id, row.made_by, row.checked_by)
        await awards.move_to(session, award.id, line.id, line.fiscal_year)
        line_id = line.id
    await budgets.carry_in(session, line_id, row.amount, committed=row.amount)
    await journal.reverse_step(
        session,
        Kind.DISBURSEMENT,
        row.id,
        line_id,
        reason=reason,
        lines=entries.move(row.amount, Stage.AUTHORITY, Stage.COMMITTED),
    )
