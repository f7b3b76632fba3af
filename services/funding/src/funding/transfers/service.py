"""Use cases of transfers."""

from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.messaging import outbox

from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.budgets.domain import insufficient
from funding.documents import service as documents
from funding.documents.domain import Step
from funding.journal import domain as entries
from funding.journal import service as journal
from funding.journal.domain import Kind
from funding.transfers import domain, events
from funding.transfers.models import Transfer


async def create_transfer(
    session: Session, principal: Principal, values: dict[str, Any]
) -> Transfer:
    """Draw a transfer up.

    Raises:
        UnknownReference, BudgetNotApproved, YearClosed: see `budgets.service.working_line`.
        SameLine, DifferentYears, DocumentRequired: see `domain.check_lines`.
    """
    source = await lines.working_line(session, values["from_budget_id"])
    target = await lines.working_line(session, values["to_budget_id"])
    domain.check_lines(
        (source.id, target.id),
        (source.fiscal_year, target.fiscal_year),
        (source.fund_code, target.fund_code),
        values["document_no"],
    )
    row = Transfer(
        **values,
        from_fund=source.fund_code,
        to_fund=target.fund_code,
        fiscal_year=source.fiscal_year,
        made_by=principal.subject,
    )
    return await documents.draw_up(session, row)


async def approve_transfer(
    session: Session, principal: Principal, document_id: UUID, expected: int | None
) -> Transfer:
    """Give the one line's budget to the other. Both lines are locked in the order of their ids,
    whichever way the money goes, so that two transfers never wait for each other.

    Raises:
        InsufficientFunds: the first line has less that is not appropriated.
        YearClosed: the year is closed.
    """
    row = await documents.decide(session, principal, Transfer, document_id, Step.APPROVE, expected)
    moves = {row.from_budget_id: -row.amount, row.to_budget_id: row.amount}
    for budget_id in sorted(moves):
        if await budgets.adjust(session, budget_id, moves[budget_id]) is None:
            line = await lines.known_line(session, budget_id)
            raise insufficient(line.amount - line.appropriated, row.amount)
    outbox.add(session, events.transfer_approved(row))
    for budget_id, amount in moves.items():
        await journal.post(
            session,
            Kind.TRANSFER,
            budget_id,
            entries.granted(amount),
            source=("transfer", row.id),
            document_no=row.document_no,
            reason=row.reason,
        )
    return row
