"""SQL of budgets. Totals move by conditional updates only: reading first would overspend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from funding.budgets.models import Budget

SORTABLE = {
    "id": Budget.id,
    "fiscal_year": Budget.fiscal_year,
    "fund_code": Budget.fund_code,
    "updated_at": Budget.updated_at,
}


async def get(session: Session, budget_id: UUID) -> Budget | None:
    return await session.get(Budget, budget_id, populate_existing=True)


async def get_for_update(session: Session, budget_id: UUID) -> Budget | None:
    query = select(Budget).where(Budget.id == budget_id).with_for_update(key_share=True)
    return await session.scalar(query)


async def _move(
    session: Session, budget_id: UUID, *conditions: Any, **totals: Any
) -> Budget | None:
    """The line after the update, or none if it does not exist or a condition does not hold."""
    statement = (
        update(Budget)
        .where(Budget.id == budget_id, *conditions)
        .values(version=Budget.version + 1, updated_at=func.clock_timestamp(), **totals)
        .returning(Budget)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return await session.scalar(statement)


async def appropriate(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Make `amount` yuan available; none unless approved and within the budget."""
    total = Budget.appropriated + amount
    return await _move(
        session,
        budget_id,
        Budget.state == "approved",
        total + Budget.lapsed <= Budget.amount,
        appropriated=total,
    )


async def adjust(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Raise an approved line by `amount` yuan, or cut it; none if more of it is appropriated."""
    total = Budget.amount + amount
    return await _move(
        session,
        budget_id,
        Budget.state == "approved",
        total >= Budget.appropriated,
        amount=total,
    )


async def commit(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Promise `amount` yuan; none if less is appropriated and free."""
    total = Budget.committed + amount
    return await _move(session, budget_id, _fits(total + Budget.carried_over), committed=total)


def _fits(used: Any) -> Any:
    """Whether so much of a line may be promised and carried over."""
    return (used <= Budget.appropriated) & (used + Budget.lapsed <= Budget.amount)


async def release(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Take a promise of `amount` yuan back."""
    total = Budget.committed - amount
    return await _move(session, budget_id, total >= Budget.disbursed, committed=total)


async def disburse(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Note `amount` yuan as paid, or with a negative amount as returned."""
    total = Budget.disbursed + amount
    return await _move(session, budget_id, total <= Budget.committed, total >= 0, disbursed=total)


async def refund(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Note `amount` yuan of what the line paid as given back."""
    total = Budget.refunded + amount
    return await _move(session, budget_id, total <= Budget.disbursed, refunded=total)


async def recover(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Note `amount` yuan of what a closed year paid as given back."""
    return await _move(session, budget_id, recovered=Budget.recovered + amount)


async def carry_out(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
    """Take `amount` free yuan away into the next year; none if less is appropriated and free."""
    total = Budget.carried_over + amount
    return await _move(session, budget_id, _fits(total + Budget.committed), carried_over=total)


async def carry_in(
    session: Session, budget_id: UUID, amount: Decimal, *, committed: Decimal = Decimal(0)
) -> Budget | None:
    """Add `amount` yuan of a closed year to the line, `committed` of it promised already."""
    return await _move(
        session,
        budget_id,
        Budget.state == "approved",
        amount=Budget.amount + amount,
        appropriated=Budget.appropriated + amount,
        committed=Budget.committed + committed,
        carried_in=Budget.carried_in + amount,
    )


async def line_of(session: Session, fund_code: str, fiscal_year: int, line: str) -> Budget | None:
    query = select(Budget).where(
        Budget.fund_code == fund_code, Budget.fiscal_year == fiscal_year, Budget.line == line
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def insert_if_missing(session: Session, values: dict[str, Any]) -> UUID | None:
    """The id of the line, if this call made it; two callers at once make one."""
    statement = insert(Budget).values(**values).on_conflict_do_nothing().returning(Budget.id)
    return await session.scalar(statement)


async def lock_of_year(session: Session, year: int) -> Sequence[Budget]:
    """Every line of a year, locked in the order of their ids."""
    query = select(Budget).where(Budget.fiscal_year == year).order_by(Budget.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def count_of_year(session: Session, year: int) -> int:
    query = select(func.count()).select_from(Budget).where(Budget.fiscal_year == year)
    return await session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class BudgetFilter:
    fund_code: str | None = None
    fiscal_year: int | None = None
    state: Sequence[str] | None = None
    updated_since: datetime | None = None


async def list_budgets(session: Session, page: PageRequest, wanted: BudgetFilter) -> Page[Any]:
    conditions = given(
        (wanted.fund_code, Budget.fund_code.__eq__),
        (wanted.fiscal_year, Budget.fiscal_year.__eq__),
        (wanted.state, Budget.state.in_),
        (wanted.updated_since, Budget.updated_at.__ge__),
    )
    query = select(Budget).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
