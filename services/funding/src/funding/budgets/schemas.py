"""Budgets in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Money, Text, Year

from funding.budgets.domain import BudgetState

DocumentNo = Annotated[Text, Field(max_length=100, examples=["新财预〔2026〕12号"])]
"""The number of the official document that orders it."""


class BudgetCreate(ApiModel):
    """A new line, as a draft. Fund and fiscal year must exist."""

    fund_code: Code = Field(examples=["transfer-fund"])
    fiscal_year: Year = Field(examples=[2026])
    line: Code = Field(description="Unique within fund and year.", examples=["transfer-projects"])
    amount: Annotated[Money, Field(gt=0, examples=["2000000.00"])]


class BudgetApprove(ApiModel):
    document_no: DocumentNo


class BudgetRead(ApiModel):
    """A line with what became of its money, yuan. `available` may still be committed; `refunded`
    is what payees gave back of `disbursed`, `recovered` what they gave back of payments of closed
    years; `carried_in` came from the year before, `carried_over` went into the next, `lapsed` was
    given back when the year was closed."""

    id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    line: str = Field(examples=["transfer-projects"])
    amount: Money
    state: BudgetState = Field(examples=["approved"])
    document_no: str | None
    made_by: Actor
    approved_by: str | None
    appropriated: Money
    committed: Money
    disbursed: Money
    refunded: Money
    recovered: Money
    carried_in: Money
    carried_over: Money
    lapsed: Money
    available: Money
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class BudgetPage(Page[BudgetRead]):
    pass
