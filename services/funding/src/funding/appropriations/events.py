"""Appropriation -> contract event."""

from contracts.funding import AppropriationMade

from funding.appropriations.models import Appropriation


def appropriation_made(row: Appropriation) -> AppropriationMade:
    return AppropriationMade(
        appropriation_id=row.id,
        budget_id=row.budget_id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        amount=row.amount,
        document_no=row.document_no,
    )
