"""Use cases of statements and the trial balance: the books as they stood at any date.

Dates are days in China, by when the entries were booked: a statement that was printed once never
changes.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from servicekit.clock import CHINA
from servicekit.db import Session
from servicekit.http.paging import PageRequest
from servicekit.problems import NotFound

from funding.statements import domain, repository
from funding.statements.repository import TrialBalanceFilter

NOTHING_BEFORE = date(1970, 1, 1)


def start_of(day: date) -> datetime:
    """The moment the day begins in China; of one before all books, a moment before them."""
    return datetime.combine(max(day, NOTHING_BEFORE), time.min, CHINA)


def end_of(day: date | None) -> datetime:
    """The moment the day is over in China. Without one nothing is left out: what is booked has its
    time from the database, and this process's clock may be behind."""
    day = day or date.max
    return start_of(day + timedelta(days=1)) if day < date.max else start_of(day)


async def read_statement(
    session: Session,
    page: PageRequest,
    account_id: UUID,
    *,
    first: date | None,
    last: date | None,
    updated_since: datetime | None,
) -> dict[str, Any]:
    """The account's lines booked from `first` to `last`, both included, and its balances before
    and after them.

    Raises:
        NotFound: no such account.
        DatesReversed: see `domain.check_dates`.
    """
    domain.check_dates(first, last)
    account = await repository.account_of(session, account_id)
    if account is None:
        raise NotFound(what=f"account {account_id}")
    year = account["fiscal_year"]
    after = 0
    if first is not None:
        after = await repository.last_number_before(session, year, start_of(first))
    until = await repository.last_number_before(session, year, end_of(last))
    opening = await repository.totals_at(session, account_id, after)
    closing = await repository.totals_at(session, account_id, until)
    found = await repository.fetch_statement(
        session, page, account_id, after=after, until=until, updated_since=updated_since
    )
    described = {name: account[name] for name in ("budget_id", "fund_code", "fiscal_year", "stage")}
    return {
        **found,
        "account_id": account_id,
        **described,
        "opening_balance": opening.balance,
        "debit_total": closing.debit - opening.debit,
        "credit_total": closing.credit - opening.credit,
        "closing_balance": closing.balance,
    }


async def read_trial_balance(
    session: Session, page: PageRequest, as_of: date | None, wanted: TrialBalanceFilter
) -> dict[str, Any]:
    """What every account had come to at the end of a day, or has come to now."""
    return await repository.fetch_trial_balance(session, page, end_of(as_of), wanted)
