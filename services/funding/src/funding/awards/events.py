"""Award -> contract event."""

from contracts.funding import AwardGranted

from funding.awards.models import Award


def award_granted(row: Award) -> AwardGranted:
    return AwardGranted(
        award_id=row.id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        payee_unit=row.payee_unit,
        amount=row.amount,
        title=row.title,
        kind=row.kind,
    )
