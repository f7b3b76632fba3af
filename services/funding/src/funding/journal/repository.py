"""SQL of the journal: one statement posts an entry, the rest reads."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.deferred import Deferred, numbered
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.ids import new_id
from sqlalchemy import func, select, text
from sqlalchemy.orm import selectinload

from funding.journal.domain import Kind, Line, Stage, execution_of
from funding.journal.models import Account, JournalEntry, JournalLine

ACCOUNT_SORT = {
    "fiscal_year": Account.fiscal_year,
    "fund_code": Account.fund_code,
    "updated_at": Account.updated_at,
    "id": Account.id,
}

ENTRY_SORT = {
    "fiscal_year": JournalEntry.fiscal_year,
    "number": JournalEntry.number,
    "posted_at": JournalEntry.posted_at,
    "id": JournalEntry.id,
    "updated_at": JournalEntry.posted_at,
}

# Number and time are drawn under the counter's row lock, in the transaction of the movement
# itself: what is rolled back takes its number back with it, so the numbers of a year have no gap
# and the times are in their order, whatever the clock does. Everything after the counter happens
# under its lock, so the totals in the lines follow each other as the numbers do. A budget is that
# of the whole year, whenever it was approved.
_PIECES = {
    "wanted": """SELECT * FROM unnest(CAST(:stages AS text[]), CAST(:debits AS numeric[]),
  CAST(:credits AS numeric[])) WITH ORDINALITY AS w (stage, debit, credit, line_no)""",
    "line": "SELECT id, fund_code, fiscal_year FROM budget WHERE id = CAST(:budget_id AS uuid)",
    "counter": """INSERT INTO journal_counter AS kept (fiscal_year, last_number, posted_at)
  SELECT fiscal_year, 1, clock_timestamp() FROM line
  ON CONFLICT (fiscal_year) DO UPDATE SET last_number = kept.last_number + 1,
    posted_at = greatest(kept.posted_at, clock_timestamp())
  RETURNING last_number, posted_at AS at""",
    "entry": """INSERT INTO journal_entry (id, fiscal_year, number, kind, budget_id, source_type,
    source_id, reverses, document_no, reason, posted_by, occurred_on, posted_at)
  SELECT CAST(:id AS uuid), line.fiscal_year, counter.last_number, CAST(:kind AS text), line.id,
    CAST(:source_type AS text), CAST(:source_id AS uuid), CAST(:reverses AS uuid),
    CAST(:document_no AS text), CAST(:reason AS text), CAST(:posted_by AS text),
    CAST(:occurred_on AS date), counter.at
  FROM counter, line""",
    "executed": """INSERT INTO execution_month AS kept (fund_code, fiscal_year, month, approved,
    appropriated, committed, disbursed, refunded, carried_over, lapsed, updated_at)
  SELECT line.fund_code, line.fiscal_year, CASE WHEN CAST(:kind AS text) = 'approval' THEN 1
      WHEN CAST(:occurred_on AS date) < make_date(line.fiscal_year, 1, 1) THEN 1
      WHEN CAST(:occurred_on AS date) > make_date(line.fiscal_year, 12, 31) THEN 12
      ELSE extract(month FROM CAST(:occurred_on AS date)) END,
    CAST(:approved AS numeric), CAST(:appropriated AS numeric), CAST(:committed AS numeric),
    CAST(:disbursed AS numeric), CAST(:refunded AS numeric), CAST(:carried_over AS numeric),
    CAST(:lapsed AS numeric), counter.at
  FROM counter, line
  ON CONFLICT (fund_code, fiscal_year, month) DO UPDATE SET
    approved = kept.approved + excluded.approved,
    appropriated = kept.appropriated + excluded.appropriated,
    committed = kept.committed + excluded.committed,
    disbursed = kept.disbursed + excluded.disbursed,
    refunded = kept.refunded + excluded.refunded,
    carried_over = kept.carried_over + excluded.carried_over,
    lapsed = kept.lapsed + excluded.lapsed, updated_at = excluded.updated_at""",
    "moved": """UPDATE account AS kept SET updated_at = counter.at,
    debit_total = kept.debit_total + wanted.debit, credit_total = kept.credit_total + wanted.credit
  FROM wanted, counter
  WHERE kept.budget_id = CAST(:budget_id AS uuid) AND kept.stage = wanted.stage
  RETURNING kept.id, kept.stage, kept.debit_total, kept.credit_total""",
    "booked": """INSERT INTO journal_line (entry_id, line_no, account_id, number, debit, credit,
    debit_total, credit_total)
  SELECT CAST(:id AS uuid), w.line_no, moved.id, counter.last_number, w.debit, w.credit,
    moved.debit_total, moved.credit_total
  FROM wanted w JOIN moved USING (stage), counter""",
}


_POSTED = (
    "kind",
    "budget_id",
    "source_type",
    "source_id",
    "reverses",
    "document_no",
    "reason",
    "posted_by",
    "occurred_on",
)
_LOCK_COUNTER = text("""
INSERT INTO journal_counter AS kept VALUES (:year, 0, clock_timestamp())
ON CONFLICT (fiscal_year) DO UPDATE SET last_number = kept.last_number
""")


async def lock_counter(session: Session, fiscal_year: int) -> None:
    """Hold the year's counter until the commit."""
    await session.execute(_LOCK_COUNTER, {"year": fiscal_year})


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
    occurred_on: date
    document_no: str | None = None
    reason: str | None = None
    reverses: UUID | None = None


def pieces(posting: Posting, *, line: bool = True) -> tuple[UUID, list[Deferred]]:
    """The entry's id, and the statements of one WITH list that write it and move the totals of its
    accounts. Without `line` the list has a piece of this name already: the budget line's `id`,
    `fund_code` and `fiscal_year`, from the statement that changed it.

    The caller holds the lock of the budget line, or takes it with that piece.
    """
    values = {
        "id": new_id(),
        **{name: getattr(posting, name) for name in _POSTED},
        **asdict(execution_of(posting.kind, posting.lines)),
        "stages": [line.stage.value for line in posting.lines],
        "debits": [line.debit for line in posting.lines],
        "credits": [line.credit for line in posting.lines],
    }
    wanted = [name for name in _PIECES if line or name != "line"]
    return values["id"], [numbered(_PIECES[name], values, name) for name in wanted]


async def post(session: Session, posting: Posting) -> UUID:
    """Write an entry at once; its id. Call it as late as possible: until the commit nobody else
    posts in the same fiscal year."""
    entry_id, statement = pieces(posting)
    await session.write(statement)
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
    kind: Sequence[str] | None = None
    budget_id: UUID | None = None
    source_id: UUID | None = None
    updated_since: datetime | None = None


async def list_journal_entries(
    session: Session, page: PageRequest, wanted: EntryFilter
) -> Page[Any]:
    conditions = given(
        (wanted.fiscal_year, JournalEntry.fiscal_year.__eq__),
        (wanted.kind, JournalEntry.kind.in_),
        (wanted.budget_id, JournalEntry.budget_id.__eq__),
        (wanted.source_id, JournalEntry.source_id.__eq__),
        (wanted.updated_since, JournalEntry.posted_at.__ge__),
    )
    query = select(JournalEntry).options(_WITH_LINES).where(*conditions)
    return await fetch_page(session, query, page, sortable=ENTRY_SORT, default="posted_at")


@dataclass(frozen=True, slots=True)
class AccountFilter:
    fiscal_year: int | None = None
    fund_code: str | None = None
    budget_id: UUID | None = None
    stage: Sequence[str] | None = None
    updated_since: datetime | None = None


async def list_accounts(session: Session, page: PageRequest, wanted: AccountFilter) -> Page[Any]:
    conditions = given(
        (wanted.fiscal_year, Account.fiscal_year.__eq__),
        (wanted.fund_code, Account.fund_code.__eq__),
        (wanted.budget_id, Account.budget_id.__eq__),
        (wanted.stage, Account.stage.in_),
        (wanted.updated_since, Account.updated_at.__ge__),
    )
    query = select(Account).where(*conditions)
    return await fetch_page(session, query, page, sortable=ACCOUNT_SORT, default="id")


async def imbalances(session: Session) -> Sequence[tuple[int, Decimal]]:
    """Debits less credits of all lines, in yuan, by fiscal year."""
    query = (
        select(
            JournalEntry.fiscal_year,
            func.sum(JournalLine.debit - JournalLine.credit),
        )
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .group_by(JournalEntry.fiscal_year)
    )
    return [(year, difference) for year, difference in await session.execute(query)]
