"""Use cases of payments.

Locks are taken in one order by everybody: disbursement, award, budget line, journal counter.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import InvalidTransition, NotFound, UnknownReference

from funding.awards import repository as awards
from funding.awards.domain import AwardState
from funding.budgets import repository as budgets
from funding.budgets.domain import insufficient
from funding.disbursements import domain, events, repository
from funding.disbursements.domain import DisbursementState, Outcome
from funding.disbursements.models import Disbursement
from funding.disbursements.repository import DisbursementFilter
from funding.holds import repository as holds
from funding.journal import service as journal
from funding.journal.domain import Kind
from funding.permissions import READ_DISBURSEMENT


async def make_disbursement(
    session: Session, principal: Principal, values: dict[str, Any]
) -> Disbursement:
    """Ask for a payment against an award.

    Raises:
        UnknownReference: no such award.
        InvalidTransition: the award is cancelled.
        InsufficientFunds: less than `amount` is left of it.
    """
    known = await awards.get(session, values["award_id"])
    if known is None:
        raise UnknownReference(what=f"award {values['award_id']}")
    await holds.lock_payee(session, known.payee_unit, shared=True)
    award = await awards.request(session, known.id, values["amount"])
    if award is None:
        known = await awards.get(session, known.id)
        assert known is not None, "awards are never deleted"
        if known.state != AwardState.GRANTED:
            raise InvalidTransition(state=known.state, action="disburse")
        raise insufficient(known.available, values["amount"])
    open_holds = await holds.open_of(session, award.payee_unit)
    row = Disbursement(
        **values,
        budget_id=award.budget_id,
        fund_code=award.fund_code,
        fiscal_year=award.fiscal_year,
        payee_unit=award.payee_unit,
        held_by=open_holds[0].item_id if open_holds else None,
        made_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    audit.record(session, "disbursements.create", "disbursement", row.id, after=row.snapshot())
    if row.held_by is not None:
        outbox.add(session, events.disbursement_held(row, row.held_by))
    return row


async def _load(session: Session, disbursement_id: UUID, expected: int | None) -> Disbursement:
    row = await repository.get_for_update(session, disbursement_id)
    if row is None:
        raise NotFound(what=f"disbursement {disbursement_id}")
    check_version(row, expected)
    return row


async def _step(session: Session, row: Disbursement, name: str, values: dict[str, Any]) -> None:
    """Write one step of the payment and its audit row."""
    before = row.snapshot()
    row.change(values)
    await session.flush()
    audit.record(
        session,
        f"disbursements.{name}",
        "disbursement",
        row.id,
        before=before,
        after=row.snapshot(),
    )


async def _refuse_if_held(session: Session, row: Disbursement) -> None:
    found = await holds.open_of(session, row.payee_unit)
    domain.check_not_held([hold.item_number for hold in found])


async def check_disbursement(
    session: Session, principal: Principal, disbursement_id: UUID, expected: int | None
) -> Disbursement:
    """The second hand.

    Raises:
        InvalidTransition, PaymentHeld, SeparationOfDuties: see `domain`.
    """
    row = await _load(session, disbursement_id, expected)
    domain.check_step(row.state, "check")
    domain.check_checker(row.made_by, principal.subject)
    await _refuse_if_held(session, row)
    values = {
        "state": DisbursementState.CHECKED.value,
        "checked_by": principal.subject,
        "checked_at": now(),
    }
    await _step(session, row, "check", values)
    return row


async def reject_disbursement(
    session: Session,
    principal: Principal,
    disbursement_id: UUID,
    reason: str,
    expected: int | None,
) -> Disbursement:
    """The checker says no; the award's money is free again."""
    row = await _load(session, disbursement_id, expected)
    domain.check_step(row.state, "reject")
    domain.check_checker(row.made_by, principal.subject)
    values = {
        "state": DisbursementState.REJECTED.value,
        "checked_by": principal.subject,
        "checked_at": now(),
        "held_by": None,
        "reason": reason,
    }
    await _step(session, row, "reject", values)
    await awards.release(session, row.award_id, row.amount)
    return row


async def pay_disbursement(
    session: Session, principal: Principal, disbursement_id: UUID, expected: int | None
) -> Disbursement:
    """The third hand: the payment leaves for the treasury.

    Raises:
        InvalidTransition, PaymentHeld, SeparationOfDuties: see `domain`.
    """
    row = await _load(session, disbursement_id, expected)
    domain.check_step(row.state, "pay")
    domain.check_payer(row.made_by, row.checked_by, principal.subject)
    await _refuse_if_held(session, row)
    values = {
        "state": DisbursementState.PAYING.value,
        "paid_by": principal.subject,
        "sent_at": now(),
    }
    await _step(session, row, "pay", values)
    return row


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
    """
    outcome = Outcome(result["outcome"])
    row = await _load(session, disbursement_id, expected)
    domain.check_step(row.state, outcome)
    domain.check_result(outcome, has_day=result["paid_on"] is not None)
    arrived = row.state == DisbursementState.SUCCEEDED
    values = {
        "state": outcome.value,
        "settled_by": principal.subject,
        "settled_at": now(),
        "paid_on": row.paid_on if arrived else result["paid_on"],
        "reference": result["reference"] or row.reference,
        "reason": result["reason"],
    }
    await _step(session, row, "settle", values)
    if outcome is Outcome.SUCCEEDED:
        await _book(session, row)
    elif arrived:
        await _take_back(session, row, result["reason"] or outcome.value)
    else:
        await awards.release(session, row.award_id, row.amount)
    return row


async def _book(session: Session, row: Disbursement) -> None:
    settled = await awards.settle(session, row.award_id, row.amount)
    booked = await budgets.disburse(session, row.budget_id, row.amount)
    assert settled is not None, "the payment was reserved"
    assert booked is not None, "an award is part of its budget line"
    outbox.add(session, events.disbursement_succeeded(row))
    source = ("disbursement", row.id)
    await journal.post_step(session, Kind.DISBURSEMENT, row.budget_id, row.amount, source=source)


async def _take_back(session: Session, row: Disbursement, reason: str) -> None:
    returned = await awards.take_back(session, row.award_id, row.amount)
    booked = await budgets.disburse(session, row.budget_id, -row.amount)
    assert returned is not None, "the payment was booked"
    assert booked is not None, "an award is part of its budget line"
    await journal.reverse_step(session, Kind.DISBURSEMENT, row.id, reason=reason)


async def get_disbursement(
    session: Session, principal: Principal, disbursement_id: UUID
) -> Disbursement:
    row = await repository.get(session, disbursement_id)
    if row is None:
        raise NotFound(what=f"disbursement {disbursement_id}")
    await directory.require(session, principal, READ_DISBURSEMENT, row.payee_unit)
    return row


async def list_disbursements(
    session: Session, principal: Principal, page: PageRequest, wanted: DisbursementFilter
) -> Page[Any]:
    payees = await directory.visible_units(session, principal, READ_DISBURSEMENT)
    return await repository.page_of(session, page, replace(wanted, payees=payees))
