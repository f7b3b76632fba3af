"""Refund -> contract event."""

from contracts.funding import RefundReceived

from funding.refunds.models import Refund


def refund_received(row: Refund) -> RefundReceived:
    return RefundReceived(
        refund_id=row.id,
        disbursement_id=row.disbursement_id,
        award_id=row.award_id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        payee_unit=row.payee_unit,
        amount=row.amount,
        received_on=row.received_on,
    )
