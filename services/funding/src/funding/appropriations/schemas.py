"""Appropriations in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Day, Money

from funding.budgets.schemas import DocumentNo


class AppropriationCreate(ApiModel):
    """Money made available on an approved budget line, never above the budget."""

    budget_id: UUID
    amount: Annotated[Money, Field(gt=0, examples=["500000.00"])]
    document_no: DocumentNo
    appropriated_on: Day = Field(examples=["2026-03-15"])


class AppropriationRead(AppropriationCreate):
    id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    made_by: Actor
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AppropriationPage(Page[AppropriationRead]):
    pass
