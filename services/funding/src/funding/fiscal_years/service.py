"""Use cases of fiscal years."""

from decimal import Decimal

from servicekit import audit
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from servicekit.rows import put_by_key

from funding.fiscal_years import domain, events, repository
from funding.fiscal_years.models import FiscalYear
from funding.funding_rules import service as funding_rules


async def put_fiscal_year(
    session: Session, year: int, values: dict[str, Decimal], expected: int | None
) -> tuple[FiscalYear, bool]:
    """Open a year or restate it; the row, and whether it is new.

    Raises:
        PartsExceedWhole: see `domain.check_parts`.
        PreconditionFailed: `expected` is not the current version.
    """
    domain.check_parts(
        values["budget_expenditure"],
        values["three_st_expenses"],
        values["science_operating_expenses"],
    )
    done = await put_by_key(session, FiscalYear, {"year": year}, values, expected)
    row, before = done.row, done.before
    if done.changed:
        after = row.snapshot()
        audit.record(session, "fiscal_years.write", "fiscal_year", year, before=before, after=after)
        if row.budget_expenditure > 0 or not done.created:
            outbox.add(session, events.fiscal_year_executed(row))
        await funding_rules.evaluate_year(session, year)
    return row, done.created


async def get_fiscal_year(session: Session, year: int) -> FiscalYear:
    row = await repository.get(session, year)
    if row is None:
        raise NotFound(what=f"fiscal year {year}")
    return row
