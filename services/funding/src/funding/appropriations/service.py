"""Use cases of appropriations."""

from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import NotFound, Problem, UnknownReference

from funding.appropriations import events, repository
from funding.appropriations.models import Appropriation
from funding.budgets import domain as budget_domain
from funding.budgets import repository as budgets
from funding.fiscal_years import repository as fiscal_years
from funding.fiscal_years.domain import YearClosed
from funding.funding_rules import service as funding_rules
from funding.journal import service as journal
from funding.journal.domain import Kind


async def make_appropriation(
    session: Session, principal: Principal, values: dict[str, Any]
) -> Appropriation:
    """Make money of an approved line available.

    Raises:
        UnknownReference: no such budget.
        BudgetNotApproved: it is still a draft.
        InsufficientFunds: the sum would exceed the budget.
        YearClosed: the line's year is closed.
    """
    amount = values["amount"]
    budget = await budgets.appropriate(session, values["budget_id"], amount)
    if budget is None:
        raise await refusal(session, values)
    row = Appropriation(
        **values,
        fund_code=budget.fund_code,
        fiscal_year=budget.fiscal_year,
        made_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session,
        "appropriations.create",
        "appropriation",
        row.id,
        after={**values, "made_by": row.made_by},
    )
    outbox.add(session, events.appropriation_made(row))
    await journal.post_step(
        session,
        Kind.APPROPRIATION,
        budget.id,
        amount,
        source=("appropriation", row.id),
        occurred_on=row.appropriated_on,
        document_no=row.document_no,
    )
    await funding_rules.evaluate_year(session, budget.fiscal_year)
    return row


async def refusal(session: Session, values: dict[str, Any]) -> Problem:
    """Why the conditional update found nothing to update."""
    budget = await budgets.get(session, values["budget_id"])
    if budget is None:
        return UnknownReference(what=f"budget {values['budget_id']}")
    if budget.state != budget_domain.BudgetState.APPROVED:
        return budget_domain.BudgetNotApproved()
    if await fiscal_years.is_closed(session, budget.fiscal_year):
        return YearClosed()
    return budget_domain.insufficient(budget.amount - budget.appropriated, values["amount"])


async def get_appropriation(session: Session, appropriation_id: UUID) -> Appropriation:
    row = await repository.get(session, appropriation_id)
    if row is None:
        raise NotFound(what=f"appropriation {appropriation_id}")
    return row
