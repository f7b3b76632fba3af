"""SQL of statements and the trial balance: the totals that every journal line keeps, read by its
number at driver level. A date becomes the number of the last entry of its year first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest

_ACCOUNT = "SELECT id, budget_id, fund_code, fiscal_year, stage FROM account WHERE id = $1"
_LAST_BEFORE = """SELECT number FROM journal_entry WHERE fiscal_year = $1 AND posted_at < $2
ORDER BY posted_at DESC, number DESC LIMIT 1"""
_TOTALS = """SELECT debit_total, credit_total FROM journal_line
WHERE account_id = $1 AND number <= $2 ORDER BY number DESC LIMIT 1"""
_STATEMENT = """SELECT entry_id, number, kind, source_type, source_id, reverses, document_no,
 reason, occurred_on, posted_by, posted_at, debit, credit, balance, updated_at
FROM (
 SELECT l.account_id, l.entry_id, l.number, e.kind, e.source_type, e.source_id, e.reverses,
  e.document_no, e.reason, e.occurred_on, e.posted_by, e.posted_at, l.debit, l.credit,
  l.debit_total - l.credit_total AS balance, e.posted_at AS updated_at
 FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
) AS statement"""
_TRIAL_BALANCE = """SELECT id, budget_id, fund_code, fiscal_year, line, stage, debit_total,
 credit_total, debit_total - credit_total AS balance, updated_at
FROM (
 SELECT a.id, a.budget_id, a.fund_code, a.fiscal_year, b.line, a.stage, l.debit_total,
  l.credit_total, e.posted_at AS updated_at
 FROM (
  SELECT year, (SELECT number FROM journal_entry WHERE fiscal_year = year AND posted_at < $1
   ORDER BY posted_at DESC, number DESC LIMIT 1) AS last
  FROM fiscal_year
 ) y
 JOIN account a ON a.fiscal_year = y.year
 JOIN budget b ON b.id = a.budget_id
 CROSS JOIN LATERAL (
  SELECT entry_id, debit_total, credit_total FROM journal_line
  WHERE account_id = a.id AND number <= y.last ORDER BY number DESC LIMIT 1) l
 JOIN journal_entry e ON e.id = l.entry_id
) AS trial_balance"""
STATEMENT_SORT = {"number": int, "updated_at": datetime}
TRIAL_SORT = {"fiscal_year": int, "fund_code": str, "id": UUID, "line": str, "updated_at": datetime}


@dataclass(frozen=True, slots=True)
class Totals:
    """What an account had come to, yuan."""

    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)

    @property
    def balance(self) -> Decimal:
        return self.debit - self.credit


async def account_of(session: Session, account_id: UUID) -> asyncpg.Record | None:
    return await session.fetch_row(_ACCOUNT, account_id)


async def last_number_before(session: Session, fiscal_year: int, moment: datetime) -> int:
    """The number of the year's last entry that was booked before a moment; 0 if there is none."""
    row = await session.fetch_row(_LAST_BEFORE, fiscal_year, moment)
    return row["number"] if row else 0


async def totals_at(session: Session, account_id: UUID, number: int) -> Totals:
    """What the account had come to when the entry of this number was booked."""
    row = await session.fetch_row(_TOTALS, account_id, number)
    return Totals(row["debit_total"], row["credit_total"]) if row else Totals()


async def fetch_statement(
    session: Session,
    page: PageRequest,
    account_id: UUID,
    *,
    after: int,
    until: int,
    updated_since: datetime | None,
) -> dict[str, Any]:
    """The account's lines with numbers above `after`, up to `until`."""
    where = Conditions()
    where.add("account_id = ?", account_id)
    where.add("number > ?", after)
    where.add("number <= ?", until)
    if updated_since is not None:
        where.add("posted_at >= ?", updated_since)
    return await fetch_hot_page(
        session, _STATEMENT, where, page, sortable=STATEMENT_SORT, default="number", key="number"
    )


@dataclass(frozen=True, slots=True)
class TrialBalanceFilter:
    fiscal_year: int | None = None
    fund_code: str | None = None
    budget_id: UUID | None = None
    stage: Sequence[str] | None = None
    updated_since: datetime | None = None


async def fetch_trial_balance(
    session: Session, page: PageRequest, before: datetime, wanted: TrialBalanceFilter
) -> dict[str, Any]:
    """Every account that was moved before a moment, and the totals of all of them."""
    where = Conditions(args=[before])
    where.given(
        ("fiscal_year = ?", wanted.fiscal_year),
        ("fund_code = ?", wanted.fund_code),
        ("budget_id = ?", wanted.budget_id),
        ("stage = ANY(?)", wanted.stage),
        ("updated_at >= ?", wanted.updated_since),
    )
    return await fetch_hot_page(
        session, _TRIAL_BALANCE, where, page,
        sortable=TRIAL_SORT, default="fiscal_year", sums=("debit_total", "credit_total"),
    )  # fmt: skip
