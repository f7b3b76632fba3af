"""Payment batches in requests and answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Money, Text, Year

from funding.journal.schemas import Total
from funding.payment_batches.domain import MOST_LINES, BatchState, LineState

BatchNumber = Annotated[
    str, StringConstraints(pattern=r"^ZF[0-9]{4}-[0-9]{4,9}$"), Field(examples=["ZF2026-0001"])
]
Digest = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{64}$"),
    Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]),
]


class PaymentBatchFilter(ApiModel):
    """Which checked payments; nothing named is all. Those that are held, lack an account or were
    made or checked by the payer are left out."""

    fund_code: Code | None = Field(default=None, examples=["transfer-fund"])
    fiscal_year: Year | None = Field(default=None, examples=[2026])
    payee_unit: Code | None = Field(default=None, examples=["maizier-sugar"])


class PaymentBatchCreate(ApiModel):
    """The payments by their ids, or by a filter: then the oldest 500 of them."""

    purpose: Text | None = Field(default=None, examples=["四月第一批"])
    disbursement_ids: list[UUID] = Field(default_factory=list, max_length=MOST_LINES)
    filter: PaymentBatchFilter | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> "PaymentBatchCreate":
        if bool(self.disbursement_ids) == (self.filter is not None):
            raise PydanticCustomError(
                "ids_or_filter", "Either disbursement_ids or filter has to be given"
            )
        return self


class PaymentBatchCancel(ApiModel):
    reason: Text = Field(examples=["有一笔拨付被暂缓，重新组批"])


class PaymentBatchRead(ApiModel):
    """Totals are yuan. The digest is of the file as it was issued and will always be downloaded."""

    id: UUID
    number: str = Field(examples=["ZF2026-0001"])
    purpose: str | None = Field(examples=["四月第一批"])
    state: BatchState = Field(examples=["issued"])
    count: int = Field(examples=[3])
    total: Total
    succeeded_count: int = Field(examples=[1])
    succeeded_total: Total
    failed_count: int = Field(examples=[1])
    failed_total: Total
    returned_count: int = Field(examples=[0])
    returned_total: Total
    outstanding_count: int = Field(description="Payments without a result.", examples=[1])
    outstanding_total: Total
    made_by: Actor
    issued_by: str | None
    issued_at: datetime | None
    file_sha256: str | None = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    file_name: str | None = Field(examples=["ZF2026-0001.csv"])
    file_size: int | None = Field(examples=[812])
    reason: str | None = Field(description="Why it was cancelled.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PaymentBatchPage(Page[PaymentBatchRead]):
    pass


class PaymentLineRead(ApiModel):
    """`account_number` is masked but for the finance roles and auditors; where the payment goes to
    is written when the batch is issued. `outstanding` ones are `sent`."""

    id: UUID
    batch_id: UUID
    number: int = Field(description="Within the batch, from 1.", examples=[1])
    disbursement_id: UUID
    payee_unit: str = Field(examples=["maizier-sugar"])
    payee_name: str = Field(examples=["麦滋尔糖业有限公司"])
    account_name: str | None = Field(examples=["麦滋尔糖业有限公司"])
    account_number: str | None = Field(examples=["***************2345"])
    bank_name: str | None = Field(examples=["中国工商银行周口分行"])
    bank_code: str | None = Field(examples=["102510000017"])
    amount: Money
    purpose: str = Field(examples=["首期拨付"])
    state: LineState = Field(examples=["sent"])
    paid_on: date | None
    reference: str | None
    reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PaymentLinePage(Page[PaymentLineRead]):
    pass
