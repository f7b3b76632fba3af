"""Use cases of refunds. Locks in the order of everybody: refund, disbursement, fiscal
year, award, line."""

from typing import Any
from uuid import UUID

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import InvalidTransition, UnknownReference

from funding.awards import repository as awards
from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.budgets.domain import insufficient
from funding.disbursements import repository as disbursements
from funding.disbursements.domain import DisbursementState
from funding.disbursements.models import Disbursement
from funding.documents import repository as documents_repository
from funding.documents import service as documents
from funding.documents.domain import Step
from funding.fiscal_years import repository as fiscal_years
from funding.journal import domain as entries
from funding.journal import service as journal
from funding.journal.domain import Kind, Stage
from funding.permissions import READ_REFUND
from funding.refunds import events
from funding.refunds.models import Refund


async def create_refund(session: Session, principal: Principal, values: dict[str, Any]) -> Refund:
    """Note that a payee gave money back.

    Raises:
        UnknownReference: no such payment.
        InvalidTransition: it has not arrived, so nothing can be given back.
        InsufficientFunds: less of it is left with the payee.
    """
    paid = await disbursements.get(session, values["disbursement_id"])
    if paid is None:
        raise UnknownReference(what=f"disbursement {values['disbursement_id']}")
    check_refundable(paid, values)
    row = Refund(
        **values,
        award_id=paid.award_id,
        fund_code=paid.fund_code,
        fiscal_year=paid.fiscal_year,
        payee_unit=paid.payee_unit,
        made_by=principal.subject,
    )
    return await documents.draw_up(session, row)


def check_refundable(paid: Disbursement, values: dict[str, Any]) -> None:
    """Raises `InvalidTransition` or `InsufficientFunds`."""
    if paid.state != DisbursementState.SUCCEEDED:
        raise InvalidTransition(state=paid.state, action="refund")
    if paid.refunded + values["amount"] > paid.amount:
        raise insufficient(paid.amount - paid.refunded, values["amount"])


async def approve_refund(
    session: Session, principal: Principal, document_id: UUID, expected: int | None
) -> Refund:
    """Somebody else has seen the money: it is booked.

    Raises:
        InvalidTransition, InsufficientFunds: see `create_refund`; others were approved meanwhile.
        NoOpenYear, LineIsDraft: the payment's year is closed; see `budgets.service.successor_of`.
    """
    row = await documents.decide(session, principal, Refund, document_id, Step.APPROVE, expected)
    paid = await disbursements.refund(session, row.disbursement_id, row.amount)
    if paid is None:
        known = await disbursements.get_fresh(session, row.disbursement_id)
        check_refundable(known, {"amount": row.amount})
        raise AssertionError("what can be refunded is")
    await fiscal_years.hold_open_from(session, paid.fiscal_year)
    refunded = await awards.refund(session, row.award_id, row.amount)
    assert refunded is not None, "a payment is part of what its award paid"
    budget_id, source = await _booked_on(session, row, paid)
    outbox.add(session, events.refund_received(row))
    await journal.post(
        session,
        Kind.REFUND,
        budget_id,
        entries.move(row.amount, source, Stage.REFUNDED),
        source=("refund", row.id),
        occurred_on=row.received_on,
        reason=row.reason,
    )
    return row


async def _booked_on(session: Session, row: Refund, paid: Disbursement) -> tuple[UUID, Stage]:
    """The line that takes the money, and the stage it comes from: the line that paid, or when its
    year is closed the line that continues it, to which it is new money."""
    if not await fiscal_years.is_closed(session, paid.fiscal_year):
        line = await budgets.refund(session, paid.budget_id, row.amount)
        assert line is not None, "a payment is part of what its line paid"
        return line.id, Stage.DISBURSED
    assert row.decided_by is not None, "it is approved"
    line = await lines.successor_of(session, paid.budget_id, row.made_by, row.decided_by)
    await budgets.recover(session, line.id, row.amount)
    return line.id, Stage.AUTHORITY


async def list_refunds(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page[Any]:
    seen = await directory.visible_units(session, principal, READ_REFUND)
    unit = wanted.pop("payee_unit")
    if unit is not None:
        seen = [unit] if seen is None or unit in seen else []
    return await documents_repository.list_documents(
        session, page, Refund, payee_unit=seen, **wanted
    )
