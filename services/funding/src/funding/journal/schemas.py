"""Journal entries and accounts in answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Money, changed_only_at

from funding.journal.domain import Kind, Stage

Total = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "pattern": r"^-?\d{1,24}\.\d{2}$", "examples": ["1234567.89"]}
    ),
]
"""A sum of amounts in yuan; it may have more digits than one amount."""


class JournalLineRead(ApiModel):
    account_id: UUID
    stage: Stage = Field(examples=["committed"])
    debit: Money
    credit: Money


class JournalEntryRead(ApiModel):
    """A balanced entry. `number` is gapless within the fiscal year."""

    id: UUID
    fiscal_year: int = Field(examples=[2026])
    number: int = Field(examples=[42])
    kind: Kind = Field(examples=["commitment"])
    budget_id: UUID
    source_type: str = Field(examples=["award"])
    source_id: UUID
    reverses: UUID | None = None
    document_no: str | None = Field(default=None, examples=["新财预〔2026〕12号"])
    reason: str | None = None
    posted_by: Actor
    occurred_on: date = Field(
        description="The day it happened; `posted_at` is when it was booked.",
        examples=["2026-04-10"],
    )
    posted_at: datetime
    updated_at: datetime = changed_only_at("posted_at")
    lines: list[JournalLineRead]


class JournalEntryPage(Page[JournalEntryRead]):
    pass


class AccountRead(ApiModel):
    """Totals of one stage of a budget line, yuan. `balance` = debit_total - credit_total."""

    id: UUID
    budget_id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    stage: Stage = Field(examples=["appropriated"])
    debit_total: Total
    credit_total: Total
    balance: Total
    updated_at: datetime


class AccountPage(Page[AccountRead]):
    pass
