"""Year close -> contract event."""

from contracts.funding import FiscalYearClosed

from funding.year_closes.models import YearClose


def fiscal_year_closed(row: YearClose) -> FiscalYearClosed:
    assert row.carried_over is not None, "it is approved"
    assert row.lapsed is not None, "it is approved"
    return FiscalYearClosed(
        fiscal_year=row.fiscal_year,
        carried_over=row.carried_over,
        lapsed=row.lapsed,
        document_no=row.document_no,
    )
