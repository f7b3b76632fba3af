"""Use cases of the agreements. Locks are taken in one order: award, agreement, tranche, budget."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.agreements import domain, events, repository
from funding.agreements.domain import AgreementState, TrancheState
from funding.agreements.models import Agreement, Tranche
from funding.agreements.repository import AgreementFilter
from funding.agreements.schemas import AgreementCreate, TranchePlan
from funding.awards import repository as awards
from funding.awards.domain import AwardState
from funding.budgets.domain import insufficient
from funding.permissions import (
    ACCEPT_TRANCHE,
    MAKE_AGREEMENT,
    READ_AGREEMENT,
    REPORT_TRANCHE,
    SIGN_AGREEMENT,
)


async def create_agreement(
    session: Session, principal: Principal, body: AgreementCreate
) -> Agreement:
    """Draft an agreement on an award.

    Raises:
        UnknownReference: no such award.
        AwardInUse: it is cancelled, or something of it was asked for.
        AlreadyExists: it has an agreement.
        Unprocessable: the tranches are not the award.
    """
    award = await awards.get_for_update(session, body.award_id)
    if award is None:
        raise UnknownReference(what=f"award {body.award_id}")
    if award.state != AwardState.GRANTED or award.requested or award.paid:
        raise domain.AwardInUse
    domain.check_sum(award.amount, [each.amount for each in body.tranches])
    row = Agreement(
        award_id=award.id,
        payee_unit=award.payee_unit,
        amount=award.amount,
        made_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    await _plan(session, row, body.tranches)
    audit.record(
        session, "agreements.create", "agreement", row.id, after=_whole(row, body.tranches)
    )
    return row


async def _plan(session: Session, row: Agreement, tranches: list[TranchePlan]) -> None:
    for number, each in enumerate(tranches, start=1):
        session.add(Tranche(agreement_id=row.id, number=number, **each.model_dump()))
    await session.flush()


def _whole(row: Agreement, tranches: list[TranchePlan]) -> dict[str, Any]:
    return row.snapshot() | {"tranches": [each.model_dump() for each in tranches]}


async def load(
    session: Session,
    principal: Principal,
    permission: Permission,
    agreement_id: UUID,
) -> Agreement:
    """The agreement as it stands, for whoever may. Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, agreement_id)
    if row is None:
        raise NotFound(what=f"agreement {agreement_id}")
    await directory.require(session, principal, permission, row.payee_unit)
    return row


async def _lock(
    session: Session,
    principal: Principal,
    permission: Permission,
    agreement_id: UUID,
    step: str,
    expected: int | None,
) -> Agreement:
    await load(session, principal, permission, agreement_id)
    row = await repository.get_for_update(session, agreement_id)
    assert row is not None, "agreements are never deleted"
    check_version(row, expected)
    domain.check_step(row.state, step)
    return row


async def _step(
    session: Session, row: Agreement | Tranche, name: str, values: dict[str, Any]
) -> None:
    kind = row.__tablename__
    before = row.snapshot()
    row.change(values)
    await session.flush()
    audit.record(session, f"{kind}s.{name}", kind, row.id, before=before, after=row.snapshot())


async def update_agreement(
    session: Session,
    principal: Principal,
    agreement_id: UUID,
    tranches: list[TranchePlan],
    expected: int | None,
) -> Agreement:
    """Give a draft other tranches.

    Raises:
        InvalidTransition: it was offered.
        Unprocessable: the tranches are not the award.
    """
    row = await _lock(session, principal, MAKE_AGREEMENT, agreement_id, "edit", expected)
    domain.check_sum(row.amount, [each.amount for each in tranches])
    await repository.remove_tranches(session, row.id)
    await _plan(session, row, tranches)
    row.touch()
    await session.flush()
    audit.record(session, "agreements.write", "agreement", row.id, after=_whole(row, tranches))
    return row


async def offer_agreement(
    session: Session,
    principal: Principal,
    agreement_id: UUID,
    document_no: str,
    expected: int | None,
) -> Agreement:
    """The office signs: from now on the tranches stand. Raises `InvalidTransition`."""
    row = await _lock(session, principal, MAKE_AGREEMENT, agreement_id, "offer", expected)
    values = {
        "state": AgreementState.OFFERED.value,
        "document_no": document_no,
        "offered_by": principal.subject,
        "offered_at": now(),
        "reason": None,
    }
    await _step(session, row, "offer", values)
    return row


async def sign_agreement(
    session: Session, principal: Principal, agreement_id: UUID, expected: int | None
) -> Agreement:
    """The payee signs. Raises `InvalidTransition`, or `SeparationOfDuties` for the same person."""
    row = await _lock(session, principal, SIGN_AGREEMENT, agreement_id, "sign", expected)
    domain.check_signer(row.offered_by, principal.subject)
    values = {
        "state": AgreementState.SIGNED.value,
        "signed_by": principal.subject,
        "signed_at": now(),
    }
    await _step(session, row, "sign", values)
    tranches = await repository.tranches_of(session, row.id)
    outbox.add(session, events.agreement_signed(row, len(tranches)))
    return row


async def decline_agreement(
    session: Session,
    principal: Principal,
    agreement_id: UUID,
    reason: str,
    expected: int | None,
) -> Agreement:
    """The payee does not sign: it is a draft again. Raises `InvalidTransition`."""
    row = await _lock(session, principal, SIGN_AGREEMENT, agreement_id, "decline", expected)
    values = {
        "state": AgreementState.DRAFT.value,
        "offered_by": None,
        "offered_at": None,
        "reason": reason,
    }
    await _step(session, row, "decline", values)
    return row


async def get_tranche(session: Session, agreement_id: UUID, tranche_id: UUID) -> Tranche:
    """Raises `NotFound`. The caller has decided that it may be read."""
    row = await repository.get_tranche(session, agreement_id, tranche_id)
    if row is None:
        raise NotFound(what=f"tranche {tranche_id}")
    return row


async def _lock_tranche(
    session: Session,
    principal: Principal,
    permission: Permission,
    ids: tuple[UUID, UUID],
    step: str,
    expected: int | None,
) -> tuple[Agreement, Tranche]:
    """Raises `NotFound`, `Forbidden`, `AgreementNotSigned`, `InvalidTransition` and what
    `check_version` does."""
    agreement = await load(session, principal, permission, ids[0])
    row = await repository.get_tranche_for_update(session, *ids)
    if row is None:
        raise NotFound(what=f"tranche {ids[1]}")
    check_version(row, expected)
    if agreement.state != AgreementState.SIGNED:
        raise domain.AgreementNotSigned
    domain.check_step(row.state, step)
    return agreement, row


async def report_tranche(
    session: Session,
    principal: Principal,
    ids: tuple[UUID, UUID],
    report: str,
    expected: int | None,
) -> Tranche:
    """The payee says that the milestone is reached. Raises what `_lock_tranche` does."""
    _, row = await _lock_tranche(session, principal, REPORT_TRANCHE, ids, "report", expected)
    values = {
        "state": TrancheState.REPORTED.value,
        "report": report,
        "reported_by": principal.subject,
        "reported_at": now(),
        "reason": None,
    }
    await _step(session, row, "report", values)
    return row


async def accept_tranche(
    session: Session, principal: Principal, ids: tuple[UUID, UUID], expected: int | None
) -> Tranche:
    """The milestone is accepted: the tranche can be paid. Raises what `_lock_tranche` does, and
    `SeparationOfDuties` for the reporter."""
    agreement, row = await _lock_tranche(
        session, principal, ACCEPT_TRANCHE, ids, "accept", expected
    )
    domain.check_acceptor(row.reported_by, principal.subject)
    values = {
        "state": TrancheState.ACCEPTED.value,
        "accepted_by": principal.subject,
        "accepted_at": now(),
    }
    await _step(session, row, "accept", values)
    outbox.add(session, events.tranche_accepted(row, agreement))
    return row


async def return_tranche(
    session: Session,
    principal: Principal,
    ids: tuple[UUID, UUID],
    reason: str,
    expected: int | None,
) -> Tranche:
    """The milestone is not reached yet. Raises what `_lock_tranche` does."""
    _, row = await _lock_tranche(session, principal, ACCEPT_TRANCHE, ids, "return", expected)
    await _step(session, row, "return", {"state": TrancheState.OPEN.value, "reason": reason})
    return row


async def draw(session: Session, award_id: UUID, tranche_id: UUID | None, amount: Decimal) -> None:
    """Take `amount` yuan of a tranche for a payment; nothing where the award has no agreement.
    The award has been locked before.

    Raises:
        AgreementNotSigned, TrancheRequired, TrancheNotAccepted.
        UnknownReference: the agreement has no such tranche, or there is none.
        InsufficientFunds: less than `amount` is left of it.
    """
    agreement = await repository.of_award(session, award_id)
    if agreement is None:
        if tranche_id is not None:
            raise UnknownReference(what=f"tranche {tranche_id}")
        return
    if agreement.state != AgreementState.SIGNED:
        raise domain.AgreementNotSigned
    if tranche_id is None:
        raise domain.TrancheRequired
    this = (Tranche.agreement_id == agreement.id, Tranche.state == TrancheState.ACCEPTED.value)
    if await repository.draw(session, tranche_id, amount, *this):
        return
    row = await repository.get_tranche(session, agreement.id, tranche_id)
    if row is None:
        raise UnknownReference(what=f"tranche {tranche_id}")
    if row.state != TrancheState.ACCEPTED:
        raise domain.TrancheNotAccepted
    raise insufficient(row.amount - row.drawn, amount)


async def give_back(session: Session, tranche_id: UUID | None, amount: Decimal) -> None:
    """A payment did not happen, or came back: its tranche has the money again."""
    if tranche_id is not None:
        moved = await repository.draw(session, tranche_id, -amount)
        assert moved, "it was drawn"


async def list_agreements(
    session: Session, principal: Principal, page: PageRequest, wanted: AgreementFilter
) -> Page[Any]:
    payees = await directory.visible_units(session, principal, READ_AGREEMENT)
    return await repository.list_agreements(session, page, replace(wanted, payees=payees))
