"""Adjustment -> contract event."""

from contracts.funding import AdjustmentApproved

from funding.adjustments.models import Adjustment


def adjustment_approved(row: Adjustment) -> AdjustmentApproved:
    return AdjustmentApproved(
        adjustment_id=row.id,
        budget_id=row.budget_id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        amount=row.amount,
        document_no=row.document_no,
    )
