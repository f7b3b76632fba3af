"""Counterpart report -> contract events."""

from contracts.funding import CounterpartReported, CounterpartReturned, CounterpartVerified

from funding.counterpart_reports.models import CounterpartReport


def counterpart_reported(row: CounterpartReport) -> CounterpartReported:
    return CounterpartReported(
        report_id=row.id,
        unit_code=row.unit_code,
        fiscal_year=row.fiscal_year,
        period=row.period,
        award_id=row.award_id,
        corrects=row.corrects,
        amount=row.amount,
    )


def counterpart_verified(row: CounterpartReport) -> CounterpartVerified:
    return CounterpartVerified(
        report_id=row.id,
        unit_code=row.unit_code,
        fiscal_year=row.fiscal_year,
        period=row.period,
        award_id=row.award_id,
        amount=row.amount,
    )


def counterpart_returned(row: CounterpartReport) -> CounterpartReturned:
    return CounterpartReturned(
        report_id=row.id,
        unit_code=row.unit_code,
        fiscal_year=row.fiscal_year,
        period=row.period,
        award_id=row.award_id,
        reason=row.reason or "",
    )
