"""Use cases of carry-overs. The line of the earlier year is locked first, by everybody."""

from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.messaging import outbox

from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.budgets.domain import insufficient
from funding.carry_overs import events
from funding.carry_overs.models import CarryOver
from funding.documents import service as documents
from funding.documents.domain import Step
from funding.journal import domain as entries
from funding.journal import service as journal
from funding.journal.domain import Kind, Stage


async def create_carry_over(
    session: Session, principal: Principal, values: dict[str, Any]
) -> CarryOver:
    """Draw a carry-over up.

    Raises:
        UnknownReference, BudgetNotApproved, YearClosed: see `budgets.service.working_line`.
    """
    line = await lines.working_line(session, values["budget_id"])
    row = CarryOver(
        **values,
        fund_code=line.fund_code,
        fiscal_year=line.fiscal_year,
        made_by=principal.subject,
    )
    return await documents.draw_up(session, row)


async def approve_carry_over(
    session: Session, principal: Principal, document_id: UUID, expected: int | None
) -> CarryOver:
    """Take the money into the line that continues this one, which is made if it is not there.

    Raises:
        InsufficientFunds: less is appropriated and free.
        YearClosed: the line's year is closed.
        NoOpenYear, LineIsDraft: see `budgets.service.successor_of`.
    """
    row = await documents.decide(session, principal, CarryOver, document_id, Step.APPROVE, expected)
    line = await budgets.carry_out(session, row.budget_id, row.amount)
    if line is None:
        known = await lines.known_line(session, row.budget_id)
        raise insufficient(known.available, row.amount)
    assert row.decided_by is not None, "it is approved"
    following = await lines.successor_of(session, line.id, row.made_by, row.decided_by)
    await budgets.carry_in(session, following.id, row.amount)
    row.to_budget_id = following.id
    for budget_id, source, target in (
        (line.id, Stage.APPROPRIATED, Stage.AUTHORITY),
        (following.id, Stage.AUTHORITY, Stage.APPROPRIATED),
    ):
        await journal.post(
            session,
            Kind.CARRY_OVER,
            budget_id,
            entries.move(row.amount, source, target),
            source=("carry_over", row.id),
            document_no=row.document_no,
            reason=row.reason,
        )
    outbox.add(session, events.carry_over_approved(row, following))
    return row
