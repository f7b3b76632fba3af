"""Adjustments in requests and answers."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Money

from funding.budgets.schemas import DocumentNo
from funding.documents.schemas import DocumentRead, Reason


def not_zero(amount: Money) -> Money:
    if amount == 0:
        raise PydanticCustomError("not_zero", "Input should not be zero")
    return amount


class AdjustmentCreate(ApiModel):
    """A draft. A positive amount raises the line (追加), a negative one cuts it (追减)."""

    budget_id: UUID
    amount: Annotated[Money, AfterValidator(not_zero), Field(examples=["200000.00"])]
    document_no: DocumentNo
    reason: Reason


class AdjustmentRead(DocumentRead, AdjustmentCreate):
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])


class AdjustmentPage(Page[AdjustmentRead]):
    pass
