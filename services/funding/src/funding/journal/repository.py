"""SQL of the journal: one statement posts an entry, the rest reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from servicekit.ids import new_id
from sqlalchemy import select, text
from sqlalchemy.orm import selectinload

from funding.journal.domain import Kind, Line, Stage
from funding.journal.models import Account, JournalEntry, JournalLine

# Number and time are drawn under the counter's row lock, in the transaction of the movement
# itself: what is rolled back takes its number back with it, so the numbers of a year have no gap
# and the times are in their order.
_POST = text("""
WITH wanted AS (
  SELECT * FROM unnest(CAST(:stages AS text[]), CAST(:debits AS numeric[]),
    CAST(:credits AS numeric[])) WITH ORDINALITY AS w (stage, debit, credit, line_no)
), line AS (SELECT id, fiscal_year FROM budget WHERE id = :budget_id
), counter AS (
  INSERT INTO journal_counter AS kept (fiscal_year, last_number)
  SELECT fiscal_year, 1 FROM line
  ON CONFLICT (fiscal_year) DO UPDATE SET last_number = kept.last_number + 1
  RETURNING last_number, clock_timestamp() AS at
), entry AS (
  INSERT INTO journal_entry (id, fiscal_year, number, kind, budget_id, source_type, source_id,
    reverses, document_no, reason, posted_by, posted_at)
  SELECT :id, line.fiscal_year, counter.last_number, :kind, line.id, :source_type, :source_id,
    :reverses, :document_no, :reason, :posted_by, counter.at FROM counter, line
), moved AS (
  UPDATE account AS kept SET updated_at = counter.at,
    debit_total = kept.debit_total + wanted.debit, credit_total = kept.credit_total + wanted.credit
  FROM wanted, counter
  WHERE kept.budget_id = :budget_id AND kept.stage = wanted.stage
  RETURNING kept.id, kept.stage
)
INSERT INTO journal_line (entry_id, line_no, account_id, debit, credit)
SELECT :id, w.line_no, moved.id, w.debit, w.credit FROM wanted w JOIN moved USING (stage)
""")


async def open_accounts(
    session: Session, budget_id: UUID, fund_code: str, fiscal_year: int
) -> None:
    """Make the accounts of a budget line, all empty."""
    for stage in Stage:
        session.add(
            Account(
                budget_id=budget_id,
                fund_code=fund_code,
                fiscal_year=fiscal_year,
                stage=stage.value,
                debit_total=Decimal(0),
                credit_total=Decimal(0),
            )
        )
    await session.flush()


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry to be posted on one budget line; `source` is the business object behind it."""

    kind: Kind
    budget_id: UUID
    source_type: str
    source_id: UUID
    lines: Sequence[Line]
    posted_by: str
    document_no: str | None = None
    reason: str | None = None
    reverses: UUID | None = None


async def post(session: Session, posting: Posting) -> UUID:
    """Write an entry and move the totals of its accounts; the entry's id.

    The caller holds the lock of the budget line. Call it as late as possible: until the commit
    nobody else posts in the same fiscal year.
    """
    entry_id = new_id()
    await session.execute(
        _POST,
        {
            "id": entry_id,
            "kind": posting.kind,
            "budget_id": posting.budget_id,
            "source_type": posting.source_type,
            "source_id": posting.source_id,
            "reverses": posting.reverses,
            "document_no": posting.document_no,
            "reason": posting.reason,
            "posted_by": posting.posted_by,
            "stages": [line.stage.value for line in posting.lines],
            "debits": [line.debit for line in posting.lines],
            "credits": [line.credit for line in posting.lines],
        },
    )
    return entry_id


_WITH_LINES = selectinload(JournalEntry.lines).selectinload(JournalLine.account)


async def entry_of(session: Session, kind: Kind, source_id: UUID) -> JournalEntry | None:
    """The latest entry of this kind behind a business object, with its lines."""
    query = (
        select(JournalEntry)
        .where(JournalEntry.source_id == source_id, JournalEntry.kind == kind)
        .order_by(JournalEntry.number.desc())
        .options(_WITH_LINES)
        .limit(1)
    )
    return await session.scalar(query)


async def get_entry(session: Session, entry_id: UUID) -> JournalEntry | None:
    return await session.get(JournalEntry, entry_id, options=[_WITH_LINES])


@dataclass(frozen=True, slots=True)
class EntryFilter:
    fiscal_year: int | None = None
    kind: Kind | None = None
    budget_id: UUID | None = None
    source_id: UUID | None = None
    updated_since: datetime | None = None


async def page_of_entries(session: Session, page: PageRequest, wanted: EntryFilter) -> Page[Any]:
    query = select(JournalEntry).options(_WITH_LINES)
    if wanted.fiscal_year is not None:
        query = query.where(JournalEntry.fiscal_year == wanted.fiscal_year)
    if wanted.kind is not None:
        query = query.where(JournalEntry.kind == wanted.kind)
    if wanted.budget_id is not None:
        query = query.where(JournalEntry.budget_id == wanted.budget_id)
    if wanted.source_id is not None:
        query = query.where(JournalEntry.source_id == wanted.source_id)
    if wanted.updated_since is not None:
        query = query.where(JournalEntry.posted_at >= wanted.updated_since)
    sortable = {
        "fiscal_year": JournalEntry.fiscal_year,
        "number": JournalEntry.number,
        "posted_at": JournalEntry.posted_at,
        "id": JournalEntry.id,
    }
    return await fetch_page(session, query, page, sortable=sortable, default="posted_at")


@dataclass(frozen=True, slots=True)
class AccountFilter:
    fiscal_year: int | None = None
    fund_code: str | None = None
    budget_id: UUID | None = None
    stage: Stage | None = None
    updated_since: datetime | None = None


async def page_of_accounts(session: Session, page: PageRequest, wanted: AccountFilter) -> Page[Any]:
    query = select(Account)
    if wanted.fiscal_year is not None:
        query = query.where(Account.fiscal_year == wanted.fiscal_year)
    if wanted.fund_code is not None:
        query = query.where(Account.fund_code == wanted.fund_code)
    if wanted.budget_id is not None:
        query = query.where(Account.budget_id == wanted.budget_id)
    if wanted.stage is not None:
        query = query.where(Account.stage == wanted.stage)
    if wanted.updated_since is not None:
        query = query.where(Account.updated_at >= wanted.updated_since)
    sortable = {
        "fiscal_year": Account.fiscal_year,
        "fund_code": Account.fund_code,
        "updated_at": Account.updated_at,
        "id": Account.id,
    }
    return await fetch_page(session, query, page, sortable=sortable, default="id")
