"""Fiscal year -> contract event."""

from contracts.funding import FiscalYearExecuted

from funding.fiscal_years.models import FiscalYear


def fiscal_year_executed(row: FiscalYear) -> FiscalYearExecuted:
    return FiscalYearExecuted(
        fiscal_year=row.year,
        budget_expenditure=row.budget_expenditure,
        three_st_expenses=row.three_st_expenses,
        science_operating_expenses=row.science_operating_expenses,
    )
