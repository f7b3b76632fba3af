"""Use cases of awards."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.awards import domain, events, repository
from funding.awards.models import Award
from funding.awards.repository import AwardFilter
from funding.budgets import domain as budget_domain
from funding.budgets import repository as budgets
from funding.journal import domain as entries
from funding.journal import service as journal
from funding.journal.domain import Kind
from funding.permissions import CANCEL_AWARD, GRANT_AWARD, READ_AWARD


async def grant_award(session: Session, principal: Principal, values: dict[str, Any]) -> Award:
    """Commit money of a budget line to a payee.

    Raises:
        UnknownReference: no such budget, or no active unit of this code.
        InsufficientFunds: less than `amount` is appropriated and free.
    """
    await directory.require(session, principal, GRANT_AWARD, values["payee_unit"])
    if not await repository.is_known_payee(session, values["payee_unit"]):
        raise UnknownReference(what=f"unit {values['payee_unit']}")
    budget = await budgets.commit(session, values["budget_id"], values["amount"])
    if budget is None:
        known = await budgets.get(session, values["budget_id"])
        if known is None:
            raise UnknownReference(what=f"budget {values['budget_id']}")
        raise budget_domain.insufficient(known.available, values["amount"])
    award = Award(
        **values,
        fund_code=budget.fund_code,
        fiscal_year=budget.fiscal_year,
        granted_by=principal.subject,
    )
    session.add(award)
    await session.flush()
    audit.record(session, "awards.create", "award", award.id, after=award.snapshot())
    outbox.add(session, events.award_granted(award))
    source = ("award", award.id)
    await journal.post_step(session, Kind.COMMITMENT, budget.id, award.amount, source=source)
    return award


async def cancel_award(
    session: Session, principal: Principal, award_id: UUID, reason: str, expected: int | None
) -> Award:
    """Take an untouched award back: its commitment is reversed.

    Raises:
        MoneyHasMoved, AcceptanceOpen, InvalidTransition: see `domain.check_cancellation`.
    """
    award = await repository.get_for_update(session, award_id)
    if award is None:
        raise NotFound(what=f"award {award_id}")
    await directory.require(session, principal, CANCEL_AWARD, award.payee_unit)
    check_version(award, expected)
    is_being_accepted = await repository.is_being_accepted(session, award_id)
    domain.check_cancellation(
        award.state, award.requested, award.paid, is_being_accepted=is_being_accepted
    )
    before = award.snapshot()
    award.change({"state": domain.AwardState.CANCELLED.value, "cancel_reason": reason})
    await session.flush()
    released = await budgets.release(session, award.budget_id, award.amount)
    assert released is not None, "an award's commitment is part of its budget's"
    audit.record(session, "awards.cancel", "award", award.id, before=before, after=award.snapshot())
    await journal.reverse_step(session, Kind.COMMITMENT, award.id, award.budget_id, reason=reason)
    return award


async def close_award(session: Session, award: Award, reason: str) -> Decimal:
    """Ask nothing more of a locked award of which no payment is on its way; what it had left, yuan,
    goes back to its line."""
    left = award.available
    before = award.snapshot()
    award.change({"state": domain.AwardState.CLOSED.value, "released": left})
    await session.flush()
    audit.record(session, "awards.close", "award", award.id, before=before, after=award.snapshot())
    await _release(session, award, left, reason)
    return left


async def release_if_closed(session: Session, award_id: UUID, amount: Decimal, reason: str) -> None:
    """A payment of `amount` yuan came back from the bank: of a closed award it is its line's."""
    award = await repository.get(session, award_id)
    assert award is not None, "awards are never deleted"
    if award.state == domain.AwardState.CLOSED:
        await _release(session, award, amount, reason)


async def _release(session: Session, award: Award, amount: Decimal, reason: str) -> None:
    if amount:
        released = await budgets.release(session, award.budget_id, amount)
        assert released is not None, "an award's commitment is part of its budget's"
        lines = entries.lines_of(Kind.RELEASE, amount)
        source = ("award", award.id)
        await journal.post(
            session, Kind.RELEASE, award.budget_id, lines, source=source, reason=reason
        )


async def get_award(session: Session, principal: Principal, award_id: UUID) -> Award:
    award = await repository.get(session, award_id)
    if award is None:
        raise NotFound(what=f"award {award_id}")
    await directory.require(session, principal, READ_AWARD, award.payee_unit)
    return award


async def list_awards(
    session: Session, principal: Principal, page: PageRequest, wanted: AwardFilter
) -> Page[Any]:
    payees = await directory.visible_units(session, principal, READ_AWARD)
    return await repository.list_awards(session, page, replace(wanted, payees=payees))
