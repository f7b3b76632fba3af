"""Filing, deciding and listing support of any kind.

There is one way for money: what is approved is an award like every other.
Locks are taken in one order: the support, its budget line, the journal counter.
"""

from typing import Any
from uuid import UUID

from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import UnknownReference

from funding.awards import repository as awards
from funding.awards.service import grant_award
from funding.budgets import repository as budgets
from funding.documents import repository as documents_repository
from funding.documents import service as documents
from funding.documents.domain import Step
from funding.documents.models import Document
from funding.support_rates import repository as rates
from funding.support_rates.models import SupportRate
from funding.supports import domain, events
from funding.supports.domain import Computed
from funding.supports.models import Support


async def may_file(
    session: Session, principal: Principal, permission: Permission, payee_unit: str
) -> None:
    """Raises `Forbidden`, or `UnknownReference` for no active unit of this code."""
    await directory.require(session, principal, permission, payee_unit)
    if not await awards.is_known_payee(session, payee_unit):
        raise UnknownReference(what=f"unit {payee_unit}")


async def rate_of(session: Session, kind: str, grade: str, fiscal_year: int) -> SupportRate:
    """What the grade pays in the year. Raises `NoRate`."""
    rate = await rates.rate_of(session, kind, grade, fiscal_year)
    if rate is None:
        raise domain.NoRate(year=fiscal_year, grade=grade)
    return rate


def terms(rate: SupportRate, computed: Computed) -> dict[str, Any]:
    """What a row keeps of its rate: it stands when the rate changes."""
    return {
        "fund_code": rate.fund_code,
        "line": rate.line,
        "amount": computed.amount,
        "formula": computed.formula,
        "inputs": computed.inputs,
    }


async def file(session: Session, row: Support) -> Support:
    """Store what was filed. Raises what the table's own rules were announced to."""
    await documents.draw_up(session, row)
    outbox.add(session, events.support_filed(row))
    return row


async def approve(
    session: Session,
    principal: Principal,
    model: type[Support],
    support_id: UUID,
    expected: int | None,
) -> Support:
    """Somebody else than who filed it grants the award.

    Raises:
        InvalidTransition, SeparationOfDuties: see `documents.domain.check_step`.
        NoLine: the fund has no such line in the year.
        InsufficientFunds: less than the amount is appropriated and free.
        YearClosed: nothing more is booked in the year.
    """
    row = await documents.decide(session, principal, model, support_id, Step.APPROVE, expected)
    line = await budgets.line_of(session, row.fund_code, row.fiscal_year, row.line)
    if line is None:
        raise domain.NoLine(fund=row.fund_code, year=row.fiscal_year, line=row.line)
    values = {
        "budget_id": line.id,
        "payee_unit": row.payee_unit,
        "title": row.award_title,
        "amount": row.amount,
        "kind": row.kind.value,
    }
    award = await grant_award(session, principal, values)
    row.award_id, row.award_state = award.id, award.state
    await session.flush()
    outbox.add(session, events.support_decided(row))
    return row


async def refuse(
    session: Session,
    principal: Principal,
    permission: Permission,
    model: type[Document],
    support_id: UUID,
    step: Step,
    expected: int | None,
    refusal: str,
) -> Document:
    """Reject it, or have its unit withdraw it. Raises what `documents.refuse` does."""
    row = await documents.refuse(
        session, principal, permission, model, support_id, step, expected, refusal
    )
    assert isinstance(row, Support), "the documents this is asked of"
    outbox.add(session, events.support_decided(row))
    return row


async def list_supports(
    session: Session,
    principal: Principal,
    permission: Permission,
    page: PageRequest,
    model: type[Support],
    **wanted: Any,
) -> Page[Any]:
    """Those of the units the caller may see."""
    seen = await directory.visible_units(session, principal, permission)
    unit = wanted.pop("payee_unit")
    if unit is not None:
        seen = [unit] if seen is None or unit in seen else []
    return await documents_repository.list_documents(
        session, page, model, payee_unit=seen, **wanted
    )
