"""Refunds in requests and answers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Day, Money, Text

from funding.documents.schemas import DocumentRead


class RefundCreate(ApiModel):
    """A draft: money of a payment that its payee gave back, in whole or in part."""

    disbursement_id: UUID
    amount: Annotated[Money, Field(gt=0, examples=["30000.00"])]
    received_on: Day = Field(examples=["2026-09-02"])
    reference: Text | None = Field(
        default=None, description="The bank's own number.", examples=["B20260902-0007"]
    )
    reason: Text = Field(examples=["项目终止，退回结余资金"])


class RefundRead(DocumentRead, RefundCreate):
    """`fiscal_year` is that of the payment."""

    award_id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    payee_unit: str = Field(examples=["maizier-sugar"])


class RefundPage(Page[RefundRead]):
    pass
