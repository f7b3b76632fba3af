"""Use cases of budgets."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.ids import new_id
from servicekit.problems import NotFound, UnknownReference

from funding.budgets import domain, repository
from funding.budgets.models import Budget
from funding.fiscal_years import repository as fiscal_years
from funding.fiscal_years.domain import NoOpenYear, YearClosed
from funding.funds import repository as funds
from funding.journal import service as journal
from funding.journal.domain import Kind


async def create_budget(session: Session, principal: Principal, values: dict[str, Any]) -> Budget:
    """Draw up a line.

    Raises:
        UnknownReference: no such fund or fiscal year.
        YearClosed: the year is closed.
        AlreadyExists: the fund has this line in this year.
    """
    if await funds.get(session, values["fund_code"]) is None:
        raise UnknownReference(what=f"fund {values['fund_code']}")
    if await fiscal_years.get(session, values["fiscal_year"]) is None:
        raise UnknownReference(what=f"fiscal year {values['fiscal_year']}")
    if not await fiscal_years.hold_open(session, values["fiscal_year"]):
        raise YearClosed
    budget = Budget(**values, made_by=principal.subject)
    session.add(budget)
    await session.flush()
    audit.record(session, "budgets.create", "budget", budget.id, after=budget.snapshot())
    return budget


async def approve_budget(
    session: Session,
    principal: Principal,
    budget_id: UUID,
    document_no: str,
    expected: int | None,
) -> Budget:
    """Approve a draft and book its authority.

    Raises:
        InvalidTransition, SeparationOfDuties: see `domain.check_approval`.
    """
    budget = await repository.get_for_update(session, budget_id)
    if budget is None:
        raise NotFound(what=f"budget {budget_id}")
    check_version(budget, expected)
    domain.check_approval(budget.state, budget.made_by, principal.subject)
    before = budget.snapshot()
    budget.change(
        {
            "state": domain.BudgetState.APPROVED.value,
            "approved_by": principal.subject,
            "document_no": document_no,
        }
    )
    await session.flush()
    audit.record(
        session, "budgets.approve", "budget", budget.id, before=before, after=budget.snapshot()
    )
    await journal.open_accounts(session, budget.id, budget.fund_code, budget.fiscal_year)
    await journal.post_step(
        session,
        Kind.APPROVAL,
        budget.id,
        budget.amount,
        source=("budget", budget.id),
        document_no=document_no,
    )
    return budget


async def known_line(session: Session, budget_id: UUID) -> Budget:
    """A line that something else refers to, as it is now."""
    line = await repository.get(session, budget_id)
    assert line is not None, "lines are never deleted"
    return line


async def working_line(session: Session, budget_id: UUID) -> Budget:
    """A line that a document is drawn up for; its year is not closed before the commit, so that no
    draft is left behind in a closed year.

    Raises:
        UnknownReference: no such line.
        BudgetNotApproved: it is a draft.
        YearClosed: its year is closed.
    """
    line = await repository.get(session, budget_id)
    if line is None:
        raise UnknownReference(what=f"budget {budget_id}")
    if line.state != domain.BudgetState.APPROVED:
        raise domain.BudgetNotApproved
    if not await fiscal_years.hold_open(session, line.fiscal_year):
        raise YearClosed
    return line


async def successor_of(session: Session, budget_id: UUID, made_by: str, approved_by: str) -> Budget:
    """The line that continues this one: of its fund and code in the first open year after it. Where
    there is none, one without money is made on the word of the two.

    Raises:
        NoOpenYear: no later year is open.
        LineIsDraft: the line is there, and not approved.
    """
    line = await known_line(session, budget_id)
    year = await fiscal_years.next_open(session, line.fiscal_year)
    if year is None:
        raise NoOpenYear(year=line.fiscal_year)
    values = {
        "id": new_id(),
        "fund_code": line.fund_code,
        "fiscal_year": year,
        "line": line.line,
        "amount": Decimal(0),
        "state": domain.BudgetState.APPROVED.value,
        "made_by": made_by,
        "approved_by": approved_by,
        "document_no": line.document_no,
    }
    made = await repository.insert_if_missing(session, values)
    if made is not None:
        audit.record(session, "budgets.continue", "budget", made, after=values)
        await journal.open_accounts(session, made, line.fund_code, year)
    following = await repository.line_of(session, line.fund_code, year, line.line)
    assert following is not None, "it is there, or was made"
    if following.state != domain.BudgetState.APPROVED:
        raise domain.LineIsDraft(year=year, line=line.line)
    return following


async def get_budget(session: Session, budget_id: UUID) -> Budget:
    budget = await repository.get(session, budget_id)
    if budget is None:
        raise NotFound(what=f"budget {budget_id}")
    return budget
