"""Transfers in requests and answers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Money

from funding.budgets.schemas import DocumentNo
from funding.documents.schemas import DocumentRead, Reason


class TransferCreate(ApiModel):
    """A draft. `document_no` is needed between two funds."""

    from_budget_id: UUID
    to_budget_id: UUID
    amount: Annotated[Money, Field(gt=0, examples=["50000.00"])]
    document_no: DocumentNo | None = None
    reason: Reason


class TransferRead(DocumentRead, TransferCreate):
    from_fund: str = Field(examples=["transfer-fund"])
    to_fund: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])


class TransferPage(Page[TransferRead]):
    pass
