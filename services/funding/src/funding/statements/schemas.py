"""Statements and the trial balance in answers. Amounts are yuan."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Money, changed_only_at

from funding.journal.domain import Kind, Stage
from funding.journal.schemas import Total


class StatementLine(ApiModel):
    """One entry's side of the account. `balance` is what the account stood at after it."""

    entry_id: UUID
    number: int = Field(description="Of the entry in its fiscal year.", examples=[42])
    kind: Kind = Field(examples=["commitment"])
    source_type: str = Field(examples=["award"])
    source_id: UUID
    reverses: UUID | None
    document_no: str | None = Field(examples=["新财预〔2026〕12号"])
    reason: str | None
    occurred_on: date = Field(examples=["2026-04-10"])
    posted_by: Actor
    posted_at: datetime
    debit: Money
    credit: Money
    balance: Total
    updated_at: datetime = changed_only_at("posted_at")


class StatementPage(Page[StatementLine]):
    """One page of a statement; the balances and totals are of the whole of it:
    opening_balance + debit_total - credit_total = closing_balance."""

    account_id: UUID
    budget_id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    stage: Stage = Field(examples=["committed"])
    opening_balance: Total
    debit_total: Total
    credit_total: Total
    closing_balance: Total


class TrialBalanceRow(ApiModel):
    """What one account had come to. `balance` = debit_total - credit_total; `updated_at` is when
    the last entry in it was booked."""

    id: UUID = Field(description="Of the account.")
    budget_id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    line: str = Field(examples=["transfer-projects"])
    stage: Stage = Field(examples=["appropriated"])
    debit_total: Total
    credit_total: Total
    balance: Total
    updated_at: datetime


class TrialBalancePage(Page[TrialBalanceRow]):
    """One page of the trial balance; the totals are of all its accounts. Of whole lines, funds or
    years they are equal."""

    debit_total: Total
    credit_total: Total
