"""Carry-overs in requests and answers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Money

from funding.budgets.schemas import DocumentNo
from funding.documents.schemas import DocumentRead, Reason


class CarryOverCreate(ApiModel):
    """A draft. What is promised to payees is carried over by the close, without a document."""

    budget_id: UUID
    amount: Annotated[Money, Field(gt=0, examples=["120000.00"])]
    document_no: DocumentNo
    reason: Reason


class CarryOverRead(DocumentRead, CarryOverCreate):
    """`to_budget_id` is the next year's line, known once it is approved."""

    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    to_budget_id: UUID | None


class CarryOverPage(Page[CarryOverRead]):
    pass
