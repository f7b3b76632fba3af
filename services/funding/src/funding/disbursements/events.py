"""Disbursement -> contract events."""

from uuid import UUID

from contracts.funding import DisbursementFailed, DisbursementHeld, DisbursementSucceeded

from funding.disbursements.domain import DisbursementState
from funding.disbursements.models import Disbursement


def disbursement_succeeded(row: Disbursement) -> DisbursementSucceeded:
    assert row.paid_on is not None, "a constraint of the table"
    return DisbursementSucceeded(
        disbursement_id=row.id,
        award_id=row.award_id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        payee_unit=row.payee_unit,
        amount=row.amount,
        paid_on=row.paid_on,
    )


def disbursement_failed(row: Disbursement, *, had_arrived: bool) -> DisbursementFailed:
    return DisbursementFailed(
        disbursement_id=row.id,
        award_id=row.award_id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        payee_unit=row.payee_unit,
        amount=row.amount,
        outcome="returned" if row.state == DisbursementState.RETURNED else "failed",
        had_arrived=had_arrived,
        reason=row.reason,
    )


def disbursement_held(row: Disbursement, item_id: UUID) -> DisbursementHeld:
    return DisbursementHeld(
        disbursement_id=row.id, payee_unit=row.payee_unit, amount=row.amount, item_id=item_id
    )
