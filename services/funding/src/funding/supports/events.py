"""Support -> contract events. They carry no personal data."""

from contracts.funding import SupportDecided, SupportFiled

from funding.supports.models import Support


def support_filed(row: Support) -> SupportFiled:
    return SupportFiled(
        support_id=row.id,
        kind=row.kind.value,
        fiscal_year=row.fiscal_year,
        payee_unit=row.payee_unit,
        amount=row.amount,
    )


def support_decided(row: Support) -> SupportDecided:
    return SupportDecided(
        support_id=row.id,
        kind=row.kind.value,
        fiscal_year=row.fiscal_year,
        payee_unit=row.payee_unit,
        amount=row.amount,
        state=row.state,
        award_id=row.award_id,
    )
