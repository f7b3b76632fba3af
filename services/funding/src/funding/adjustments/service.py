"""Use cases of adjustments."""

from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.messaging import outbox

from funding.adjustments import events
from funding.adjustments.models import Adjustment
from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.budgets.domain import insufficient
from funding.documents import service as documents
from funding.documents.domain import Step
from funding.journal import domain as entries
from funding.journal import service as journal
from funding.journal.domain import Kind


async def create_adjustment(
    session: Session, principal: Principal, values: dict[str, Any]
) -> Adjustment:
    """Draw an adjustment up.

    Raises:
        UnknownReference, BudgetNotApproved, YearClosed: see `budgets.service.working_line`.
    """
    line = await lines.working_line(session, values["budget_id"])
    row = Adjustment(
        **values,
        fund_code=line.fund_code,
        fiscal_year=line.fiscal_year,
        made_by=principal.subject,
    )
    return await documents.draw_up(session, row)


async def approve_adjustment(
    session: Session, principal: Principal, document_id: UUID, expected: int | None
) -> Adjustment:
    """Raise or cut the line.

    Raises:
        InsufficientFunds: a cut to less than what is appropriated.
        YearClosed: the line's year is closed.
    """
    row = await documents.decide(
        session, principal, Adjustment, document_id, Step.APPROVE, expected
    )
    if await budgets.adjust(session, row.budget_id, row.amount) is None:
        line = await lines.known_line(session, row.budget_id)
        raise insufficient(line.amount - line.appropriated, -row.amount)
    outbox.add(session, events.adjustment_approved(row))
    await journal.post(
        session,
        Kind.ADJUSTMENT,
        row.budget_id,
        entries.granted(row.amount),
        source=("adjustment", row.id),
        document_no=row.document_no,
        reason=row.reason,
    )
    return row
