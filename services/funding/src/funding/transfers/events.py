"""Transfer -> contract event."""

from contracts.funding import TransferApproved

from funding.transfers.models import Transfer


def transfer_approved(row: Transfer) -> TransferApproved:
    return TransferApproved(
        transfer_id=row.id,
        from_budget_id=row.from_budget_id,
        to_budget_id=row.to_budget_id,
        from_fund=row.from_fund,
        to_fund=row.to_fund,
        fiscal_year=row.fiscal_year,
        amount=row.amount,
        document_no=row.document_no,
    )
