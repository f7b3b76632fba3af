"""Posting and reading the journal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from prometheus_client import Gauge
from servicekit import context
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.problems import NotFound

from funding.fiscal_years.domain import YearClosed
from funding.journal import domain, repository
from funding.journal.domain import Kind, Line, Stage
from funding.journal.models import JournalEntry
from funding.journal.repository import Posting

IMBALANCE = Gauge(
    "kechuang_journal_imbalance_yuan", "Debits less credits of a fiscal year; 0", ["fiscal_year"]
)


async def watch_balance(session: Session) -> None:
    """Tell Prometheus, by fiscal year, that what was debited was credited. Each entry balances by
    a trigger: this looks at what is there, however it came."""
    for fiscal_year, imbalance in await repository.imbalances(session):
        IMBALANCE.labels(fiscal_year).set(float(imbalance))


async def open_accounts(
    session: Session, budget_id: UUID, fund_code: str, fiscal_year: int
) -> None:
    """Give a budget line its accounts; once, before its first entry."""
    await repository.open_accounts(session, budget_id, fund_code, fiscal_year)


YEAR_IS_OPEN = "journal_year_is_open"
"""The trigger that lets nobody book in a closed year."""


async def lock_year(session: Session, fiscal_year: int) -> None:
    """Let nobody else book in this year until the commit."""
    await repository.lock_counter(session, fiscal_year)


async def post(
    session: Session,
    kind: Kind,
    budget_id: UUID,
    lines: Sequence[Line],
    *,
    source: tuple[str, UUID],
    occurred_on: date | None = None,
    document_no: str | None = None,
    reason: str | None = None,
    reverses: UUID | None = None,
) -> UUID:
    """Book an entry on a budget line; its id. It happened on `occurred_on`, or today in China.

    Raises:
        YearClosed: the line's year is closed, says the database.
    """
    session.refuse(YEAR_IS_OPEN, YearClosed())
    posting = Posting(
        kind=kind,
        budget_id=budget_id,
        source_type=source[0],
        source_id=source[1],
        lines=lines,
        posted_by=context.current().principal.subject,
        occurred_on=occurred_on or china_date(),
        document_no=document_no,
        reason=reason,
        reverses=reverses,
    )
    return await repository.post(session, posting)


def defer_step(
    session: Session,
    kind: Kind,
    budget_id: UUID,
    amount: Decimal,
    *,
    source: tuple[str, UUID],
    occurred_on: date,
) -> None:
    """`post_step` as a part of the last statement, in which a piece before it, `line`, changes the
    budget line. One entry a transaction: a statement draws one number."""
    session.refuse(YEAR_IS_OPEN, YearClosed())
    posting = Posting(
        kind=kind,
        budget_id=budget_id,
        source_type=source[0],
        source_id=source[1],
        lines=domain.lines_of(kind, amount),
        posted_by=context.current().principal.subject,
        occurred_on=occurred_on,
    )
    for piece in repository.pieces(posting, line=False)[1]:
        session.defer(piece)


async def post_step(
    session: Session,
    kind: Kind,
    budget_id: UUID,
    amount: Decimal,
    *,
    source: tuple[str, UUID],
    occurred_on: date | None = None,
    document_no: str | None = None,
) -> UUID:
    """Move `amount` yuan of a budget line to its next stage; the entry's id."""
    return await post(
        session,
        kind,
        budget_id,
        domain.lines_of(kind, amount),
        source=source,
        occurred_on=occurred_on,
        document_no=document_no,
    )


async def reverse_step(
    session: Session,
    kind: Kind,
    source_id: UUID,
    budget_id: UUID,
    *,
    reason: str,
    lines: Sequence[Line] | None = None,
) -> UUID:
    """Undo the step that a business object caused, on the line where its money stands now; the
    reversal's id. `lines` where more has changed than the line.

    Raises:
        LookupError: there is none. A second reversal runs into the unique `reverses`.
    """
    entry = await repository.entry_of(session, kind, source_id)
    if entry is None:
        raise LookupError(f"no {kind} entry of {source_id}")
    done = [Line(Stage(line.stage), line.debit, line.credit) for line in entry.lines]
    return await post(
        session,
        Kind.REVERSAL,
        budget_id,
        lines or domain.reversed_lines(done),
        source=(entry.source_type, entry.source_id),
        reason=reason,
        reverses=entry.id,
    )


async def get_journal_entry(session: Session, entry_id: UUID) -> JournalEntry:
    entry = await repository.get_entry(session, entry_id)
    if entry is None:
        raise NotFound(what=f"journal entry {entry_id}")
    return entry
