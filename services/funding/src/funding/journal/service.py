"""Posting and reading the journal."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import context
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound

from funding.journal import domain, repository
from funding.journal.domain import Kind, Line, Stage
from funding.journal.models import JournalEntry
from funding.journal.repository import AccountFilter, EntryFilter, Posting


async def open_accounts(
    session: Session, budget_id: UUID, fund_code: str, fiscal_year: int
) -> None:
    """Give a budget line its accounts; once, before its first entry."""
    await repository.open_accounts(session, budget_id, fund_code, fiscal_year)


async def post_step(
    session: Session,
    kind: Kind,
    budget_id: UUID,
    amount: Decimal,
    *,
    source: tuple[str, UUID],
    document_no: str | None = None,
) -> UUID:
    """Move `amount` yuan of a budget line to its next stage; the entry's id."""
    posting = Posting(
        kind=kind,
        budget_id=budget_id,
        source_type=source[0],
        source_id=source[1],
        lines=domain.lines_of(kind, amount),
        posted_by=context.current().principal.subject,
        document_no=document_no,
    )
    return await repository.post(session, posting)


async def reverse_step(session: Session, kind: Kind, source_id: UUID, *, reason: str) -> UUID:
    """Undo the step that a business object caused; the reversal's id.

    Raises:
        LookupError: there is none. A second reversal runs into the unique `reverses`.
    """
    entry = await repository.entry_of(session, kind, source_id)
    if entry is None:
        raise LookupError(f"no {kind} entry of {source_id}")
    lines = [Line(Stage(line.stage), line.debit, line.credit) for line in entry.lines]
    posting = Posting(
        kind=Kind.REVERSAL,
        budget_id=entry.budget_id,
        source_type=entry.source_type,
        source_id=entry.source_id,
        lines=domain.reversed_lines(lines),
        posted_by=context.current().principal.subject,
        reason=reason,
        reverses=entry.id,
    )
    return await repository.post(session, posting)


async def get_journal_entry(session: Session, entry_id: UUID) -> JournalEntry:
    entry = await repository.get_entry(session, entry_id)
    if entry is None:
        raise NotFound(what=f"journal entry {entry_id}")
    return entry


async def list_journal_entries(
    session: Session, page: PageRequest, wanted: EntryFilter
) -> Page[Any]:
    return await repository.page_of_entries(session, page, wanted)


async def list_accounts(session: Session, page: PageRequest, wanted: AccountFilter) -> Page[Any]:
    return await repository.page_of_accounts(session, page, wanted)
