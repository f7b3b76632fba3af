"""HTTP of the journal: it is only ever read; business steps write it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment, Year

from funding.journal import repository, service
from funding.journal.domain import Kind, Stage
from funding.journal.repository import ACCOUNT_SORT, ENTRY_SORT, AccountFilter, EntryFilter
from funding.journal.schemas import AccountPage, JournalEntryPage, JournalEntryRead
from funding.permissions import READ_ACCOUNT, READ_JOURNAL

router = app.router("journal-entries")
accounts_router = app.router("accounts")


@router.get("/journal-entries", response_model=JournalEntryPage, summary="List journal entries")
async def list_journal_entries(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(ENTRY_SORT)],
    fiscal_year: Year | None = None,
    kind: Annotated[AnyOf[Kind] | None, Query()] = None,
    budget_id: UUID | None = None,
    source_id: UUID | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_JOURNAL),
) -> Any:
    """Entries with their lines, in the order they were posted."""
    wanted = EntryFilter(fiscal_year, kind, budget_id, source_id, updated_since)
    return await repository.list_journal_entries(session, page, wanted)


@router.get(
    "/journal-entries/{entry_id}", response_model=JournalEntryRead, summary="Read a journal entry"
)
async def get_journal_entry(
    entry_id: UUID, session: SessionDep, _: Principal = permitted(READ_JOURNAL)
) -> Any:
    """One entry with its lines."""
    return await service.get_journal_entry(session, entry_id)


@accounts_router.get("/accounts", response_model=AccountPage, summary="List accounts")
async def list_accounts(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(ACCOUNT_SORT)],
    fiscal_year: Year | None = None,
    fund_code: Code | None = None,
    budget_id: UUID | None = None,
    stage: Annotated[AnyOf[Stage] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_ACCOUNT),
) -> Any:
    """Balances by fund, budget line, fiscal year and stage."""
    wanted = AccountFilter(fiscal_year, fund_code, budget_id, stage, updated_since)
    return await repository.list_accounts(session, page, wanted)
