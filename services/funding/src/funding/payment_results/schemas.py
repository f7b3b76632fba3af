"""Results of payments in requests and answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Day, Money, Text, changed_only_at

from funding.disbursements.domain import Outcome
from funding.payment_batches.schemas import BatchNumber, Digest


class PaymentResultCreate(ApiModel):
    """What the treasury says of one line of a batch. `paid_on` is required with `succeeded`. The
    other columns of the file may come back with it; they have to be as they were issued."""

    batch_number: BatchNumber
    line_number: Annotated[int, Field(ge=1, le=100_000, examples=[1])]
    amount: Money = Field(examples=["100000.00"])
    outcome: Outcome = Field(examples=["succeeded"])
    paid_on: Day | None = Field(default=None, examples=["2026-04-10"])
    reference: Text | None = Field(
        default=None, description="The treasury's own number.", examples=["T20260410-0031"]
    )
    reason: Text | None = Field(default=None, examples=["账号错误，退票"])
    file_sha256: Digest | None = Field(
        default=None, description="Of the file that the treasury worked on."
    )
    batch_count: Annotated[int, Field(ge=1)] | None = Field(default=None, examples=[3])
    batch_total: Money | None = Field(default=None, examples=["300000.00"])
    disbursement_id: UUID | None = None
    payee_unit: Code | None = Field(default=None, examples=["maizier-sugar"])
    payee_name: Text | None = Field(default=None, examples=["麦滋尔糖业有限公司"])
    account_name: Text | None = Field(default=None, examples=["麦滋尔糖业有限公司"])
    account_number: Text | None = Field(default=None, examples=["1702021409000012345"])
    bank_name: Text | None = Field(default=None, examples=["中国工商银行周口分行"])
    bank_code: Text | None = Field(default=None, examples=["102510000017"])
    purpose: Text | None = Field(default=None, examples=["首期拨付"])


class PaymentResultRead(ApiModel):
    """A result as it was recorded; results are only added. One that is recorded again as it is
    changes nothing."""

    id: UUID
    batch_id: UUID
    batch_number: str = Field(examples=["ZF2026-0001"])
    line_number: int = Field(examples=[1])
    disbursement_id: UUID
    amount: Money
    outcome: Outcome = Field(examples=["succeeded"])
    paid_on: date | None
    reference: str | None
    reason: str | None
    recorded_by: Actor
    recorded_at: datetime
    updated_at: datetime = changed_only_at("recorded_at")


class PaymentResultPage(Page[PaymentResultRead]):
    pass
