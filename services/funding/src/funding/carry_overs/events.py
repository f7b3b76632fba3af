"""Carry-over -> contract event."""

from contracts.funding import CarryOverApproved

from funding.budgets.models import Budget
from funding.carry_overs.models import CarryOver


def carry_over_approved(row: CarryOver, following: Budget) -> CarryOverApproved:
    return CarryOverApproved(
        carry_over_id=row.id,
        budget_id=row.budget_id,
        to_budget_id=following.id,
        fund_code=row.fund_code,
        from_year=row.fiscal_year,
        to_year=following.fiscal_year,
        amount=row.amount,
        document_no=row.document_no,
    )
