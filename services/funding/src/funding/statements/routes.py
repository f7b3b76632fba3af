"""HTTP of statements and the trial balance."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import NotFound
from servicekit.types import AnyOf, Code, Day, Moment, Year

from funding.journal.domain import Stage
from funding.permissions import READ_ACCOUNT, READ_TRIAL_BALANCE
from funding.statements import service
from funding.statements.domain import DatesReversed
from funding.statements.repository import STATEMENT_SORT, TRIAL_SORT, TrialBalanceFilter
from funding.statements.schemas import StatementPage, TrialBalancePage

statements = app.router("accounts")
trial_balance = app.router("trial-balance")


@statements.get(
    "/accounts/{account_id}/statement",
    response_model=StatementPage,
    responses=problems(NotFound, DatesReversed),
    summary="An account's statement",
)
async def list_account_statement(
    account_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(STATEMENT_SORT)],
    first: Annotated[Day | None, Query(alias="from", description="The first day booked.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="The last day booked.")] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_ACCOUNT),
) -> Any:
    """Opening balance, every line with what the account stood at after it, closing balance: the
    same as a replay of the journal, by the days in China on which entries were booked."""
    return await service.read_statement(
        session, page, account_id, first=first, last=last, updated_since=updated_since
    )


@trial_balance.get("/trial-balance", response_model=TrialBalancePage, summary="The trial balance")
async def list_trial_balance(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(TRIAL_SORT)],
    as_of: Annotated[Day | None, Query(description="At its end; without it now.")] = None,
    fiscal_year: Year | None = None,
    fund_code: Code | None = None,
    budget_id: UUID | None = None,
    stage: Annotated[AnyOf[Stage] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_TRIAL_BALANCE),
) -> Any:
    """Every account that was moved, with its debits, credits and balance at the end of a day in
    China; together the debits are the credits."""
    wanted = TrialBalanceFilter(fiscal_year, fund_code, budget_id, stage, updated_since)
    return await service.read_trial_balance(session, page, as_of, wanted)
