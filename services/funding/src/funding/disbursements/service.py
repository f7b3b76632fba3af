"""Use cases of payments.

Locks are taken in one order by everybody: disbursement, batch, fiscal year, award, tranche, budget
line, journal counter.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import PageRequest
from servicekit.messaging import outbox
from servicekit.problems import (
    InvalidTransition,
    NotFound,
    PreconditionFailed,
    Problem,
    UnknownReference,
)

from funding.agreements import service as agreements
from funding.awards import repository as awards
from funding.awards.domain import AwardState
from funding.budgets.domain import insufficient
from funding.disbursements import domain, events, repository
from funding.disbursements.domain import DisbursementState
from funding.disbursements.models import Disbursement
from funding.disbursements.repository import DisbursementFilter
from funding.holds import repository as holds
from funding.permissions import READ_DISBURSEMENT


async def make_disbursement(
    session: Session, principal: Principal, values: dict[str, Any]
) -> Disbursement:
    """Ask for a payment against an award.

    Raises:
        UnknownReference: no such award.
        InvalidTransition: the award is cancelled.
        InsufficientFunds: less than `amount` is left of it, or of its tranche.
        AgreementNotSigned, TrancheRequired, TrancheNotAccepted: see `agreements.service.draw`.
    """
    award_id = values["award_id"]
    payee = await awards.payee_of(session, award_id)
    if payee is None:
        raise UnknownReference(what=f"award {award_id}")
    await holds.lock_payee(session, payee, shared=True)
    award = await awards.request(session, award_id, values["amount"])
    if award is None:
        raise await _unavailable(session, award_id, values["amount"])
    agreed, held_by = await repository.around(session, award_id, payee)
    if agreed or values["tranche_id"] is not None:
        await agreements.draw(session, award_id, values["tranche_id"], values["amount"])
    row = Disbursement(**values, **award, held_by=held_by, made_by=principal.subject)
    session.insert(row)
    audit.record(session, "disbursements.create", "disbursement", row.id, after=row.snapshot())
    if row.held_by is not None:
        outbox.add(session, events.disbursement_held(row, row.held_by))
    return row


async def _unavailable(session: Session, award_id: UUID, amount: Decimal) -> Problem:
    """Why the award cannot give so much."""
    known = await awards.get(session, award_id)
    assert known is not None, "awards are never deleted"
    if known.state != AwardState.GRANTED:
        return InvalidTransition(state=known.state, action="disburse")
    return insufficient(known.available, amount)


RETRIED_ONCE = "uq_disbursement_retry_of"


async def retry_disbursement(
    session: Session,
    principal: Principal,
    disbursement_id: UUID,
    purpose: str | None,
    expected: int | None,
) -> Disbursement:
    """Ask again for a payment that is over and did not arrive; the new one goes through all hands.

    Raises:
        InvalidTransition: it is not over, or arrived.
        AlreadyRetried: another payment tries it already; the database insists.
        InsufficientFunds, …: see `make_disbursement`; its money was given elsewhere meanwhile.
    """
    row = await load(session, disbursement_id, expected)
    domain.check_step(row.state, "retry")
    if await repository.is_retried(session, row.id):
        raise domain.AlreadyRetried
    session.refuse(RETRIED_ONCE, domain.AlreadyRetried())
    values = {
        "award_id": row.award_id,
        "tranche_id": row.tranche_id,
        "amount": row.amount,
        "purpose": purpose or row.purpose,
        "retry_of": row.id,
        "attempt": row.attempt + 1,
    }
    return await make_disbursement(session, principal, values)


async def lock(session: Session, disbursement_id: UUID) -> Disbursement:
    row = await repository.get_for_update(session, disbursement_id)
    if row is None:
        raise NotFound(what=f"disbursement {disbursement_id}")
    return row


async def load(session: Session, disbursement_id: UUID, expected: int | None) -> Disbursement:
    row = await lock(session, disbursement_id)
    check_version(row, expected)
    return row


async def step(session: Session, row: Disbursement, name: str, values: dict[str, Any]) -> None:
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


async def look(
    session: Session, disbursement_id: UUID, expected: int | None
) -> tuple[Disbursement, list[str]]:
    """The payment at the expected version, and what holds its payee; nothing is locked."""
    found = await repository.look(session, disbursement_id)
    if found is None:
        raise NotFound(what=f"disbursement {disbursement_id}")
    check_version(found[0], expected)
    return found


def step_at_once(session: Session, row: Disbursement, name: str, values: dict[str, Any]) -> None:
    """One step and its audit row, in the last statement of the request: that alone is the
    transaction. Whoever has moved the payment since it was looked at has changed its version."""
    before, known = row.snapshot(), row.version
    row.change(values)
    session.refuse(repository.IS_CURRENT, PreconditionFailed())
    repository.write_step(session, row, values, known)
    action = f"disbursements.{name}"
    audit.record(session, action, "disbursement", row.id, before=before, after=row.snapshot())


async def check_disbursement(
    session: Session, principal: Principal, disbursement_id: UUID, expected: int | None
) -> Disbursement:
    """The second hand.

    Raises:
        InvalidTransition, PaymentHeld, SeparationOfDuties: see `domain`.
    """
    row, held_by = await look(session, disbursement_id, expected)
    domain.check_step(row.state, "check")
    domain.check_checker(row.made_by, principal.subject)
    domain.check_not_held(held_by)
    values = {
        "state": DisbursementState.CHECKED.value,
        "checked_by": principal.subject,
        "checked_at": now(),
    }
    step_at_once(session, row, "check", values)
    return row


async def reject_disbursement(
    session: Session,
    principal: Principal,
    disbursement_id: UUID,
    reason: str,
    expected: int | None,
) -> Disbursement:
    """The checker says no; the award's money is free again."""
    row = await load(session, disbursement_id, expected)
    domain.check_step(row.state, "reject")
    domain.check_checker(row.made_by, principal.subject)
    values = {
        "state": DisbursementState.REJECTED.value,
        "checked_by": principal.subject,
        "checked_at": now(),
        "held_by": None,
        "reason": reason,
    }
    await step(session, row, "reject", values)
    await release(session, row)
    return row


async def pay_disbursement(
    session: Session, principal: Principal, disbursement_id: UUID, expected: int | None
) -> Disbursement:
    """The third hand: the payment leaves for the treasury.

    Raises:
        InvalidTransition, PaymentHeld, SeparationOfDuties: see `domain`.
        PaymentInBatch: it is paid with its batch.
    """
    row, held_by = await look(session, disbursement_id, expected)
    domain.check_step(row.state, "pay")
    if row.batch_id is not None:
        raise domain.PaymentInBatch
    domain.check_payer(row.made_by, row.checked_by, principal.subject)
    domain.check_not_held(held_by)
    step_at_once(session, row, "pay", _sent_by(principal))
    return row


def _sent_by(principal: Principal) -> dict[str, Any]:
    return {
        "state": DisbursementState.PAYING.value,
        "paid_by": principal.subject,
        "sent_at": now(),
    }


async def pay_many(session: Session, principal: Principal, rows: Sequence[Disbursement]) -> None:
    """Pay locked payments against which nothing stands, with the audit rows of single steps."""
    values, changed = _sent_by(principal), {}
    for row in rows:
        before = row.snapshot()
        row.change(values)
        changed[row.id] = (before, row.snapshot())
    await session.flush()
    audit.record_changed(session, "disbursements.pay", "disbursement", changed)


async def release(session: Session, row: Disbursement) -> None:
    """What was reserved for a payment that does not happen is free again."""
    await awards.release(session, row.award_id, row.amount)
    await agreements.give_back(session, row.tranche_id, row.amount)


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
) -> dict[str, Any]:
    payees = await directory.visible_units(session, principal, READ_DISBURSEMENT)
    return await repository.list_disbursements(session, page, replace(wanted, payees=payees))
