"""Agreements and tranches in requests and answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Day, LongText, Money, Text

from funding.agreements.domain import AgreementState, TrancheState
from funding.budgets.schemas import DocumentNo


class TranchePlan(ApiModel):
    """A part of the award and the milestone it is due with."""

    amount: Annotated[Money, Field(gt=0, examples=["300000.00"])]
    milestone: Text = Field(examples=["生产线建成并试运行"])
    deliverable: LongText = Field(examples=["试运行报告及第三方检测报告"])
    due_on: Day = Field(examples=["2026-09-30"])


Tranches = Annotated[list[TranchePlan], Field(min_length=1, max_length=20)]


class AgreementCreate(ApiModel):
    """An agreement on an award of which nothing was paid; its tranches add up to the award."""

    award_id: UUID
    tranches: Tranches


class AgreementUpdate(ApiModel):
    """Other tranches, all of them, for a draft."""

    tranches: Tranches


class AgreementOffer(ApiModel):
    document_no: DocumentNo


class AgreementDecline(ApiModel):
    reason: Text = Field(examples=["第二期交付时间不可行"])


class AgreementRead(ApiModel):
    """`offered_by` signed for the office, `signed_by` for the payee. Amounts in yuan."""

    id: UUID
    award_id: UUID
    payee_unit: str = Field(examples=["maizier-sugar"])
    amount: Money
    state: AgreementState = Field(examples=["signed"])
    document_no: str | None
    made_by: Actor
    offered_by: str | None
    offered_at: datetime | None
    signed_by: str | None
    signed_at: datetime | None
    reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AgreementPage(Page[AgreementRead]):
    pass


class TrancheReport(ApiModel):
    report: LongText = Field(examples=["生产线于 9 月 20 日投入试运行，报告见附件。"])


class TrancheReturn(ApiModel):
    reason: Text = Field(examples=["缺少第三方检测报告"])


class TrancheRead(ApiModel):
    """`drawn` is what payments have asked for or paid of it, yuan."""

    id: UUID
    agreement_id: UUID
    number: int = Field(examples=[1])
    amount: Money
    drawn: Money
    milestone: str = Field(examples=["生产线建成并试运行"])
    deliverable: str = Field(examples=["试运行报告及第三方检测报告"])
    due_on: date
    state: TrancheState = Field(examples=["accepted"])
    report: str | None
    reported_by: str | None
    reported_at: datetime | None
    accepted_by: str | None
    accepted_at: datetime | None
    reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class TranchePage(Page[TrancheRead]):
    pass
