"""Disbursements in requests and answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Day, Money, Text

from funding.disbursements.domain import DisbursementState, Outcome


class DisbursementCreate(ApiModel):
    """A payment against an award, never above what is left of it. Where there is an agreement on
    the award, it pays an accepted tranche of it."""

    award_id: UUID
    tranche_id: UUID | None = Field(
        default=None, description="The tranche that is paid, where there is an agreement."
    )
    amount: Annotated[Money, Field(gt=0, examples=["100000.00"])]
    purpose: Text | None = Field(default=None, examples=["首期拨付"])


class DisbursementReject(ApiModel):
    reason: Text = Field(examples=["收款账户与协议不符"])


class DisbursementResult(ApiModel):
    """What the treasury says; `paid_on` is required with `succeeded`."""

    outcome: Outcome = Field(examples=["succeeded"])
    paid_on: Day | None = Field(default=None, examples=["2026-04-10"])
    reference: Text | None = Field(
        default=None, description="The treasury's own number.", examples=["T20260410-0031"]
    )
    reason: Text | None = Field(default=None, examples=["账号错误，退票"])


class DisbursementRetry(ApiModel):
    """The amount and the tranche are those of the payment that is tried again."""

    purpose: Text | None = Field(
        default=None, description="That of the first payment if absent.", examples=["首期拨付"]
    )


class DisbursementRead(DisbursementCreate):
    """`held` payments are neither checked nor paid; `held_by` is the supervision item."""

    id: UUID
    budget_id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    payee_unit: str = Field(examples=["maizier-sugar"])
    refunded: Money = Field(description="What the payee gave back of it.")
    state: DisbursementState = Field(examples=["checked"])
    retry_of: UUID | None = Field(description="The payment that this one tries again.")
    attempt: int = Field(description="Which try it is, from 1.", examples=[1])
    batch_id: UUID | None = Field(description="The batch it is paid with.")
    held: bool
    held_by: UUID | None
    made_by: Actor
    checked_by: str | None
    checked_at: datetime | None
    paid_by: str | None
    sent_at: datetime | None
    paid_on: date | None
    settled_by: str | None
    settled_at: datetime | None
    reference: str | None
    reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class DisbursementPage(Page[DisbursementRead]):
    pass
