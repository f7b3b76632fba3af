"""Acceptances in requests and answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Day, LongText, Money

from funding.acceptances.domain import AcceptanceState, AcceptanceVerdict
from funding.reviews.schemas import Subject


class AcceptanceCreate(ApiModel):
    """A draft on an award; its files are added, then it is submitted."""

    award_id: UUID


class AcceptanceSubmit(ApiModel):
    report: LongText = Field(examples=["项目已完成全部任务，建成年产 200 吨生产线。"])


class AcceptanceAssign(ApiModel):
    """All the experts; those asked before and not named are not asked any more."""

    experts: Annotated[
        list[Subject], Field(min_length=1, max_length=15, examples=[["expert-wang"]])
    ]


class AcceptanceOpine(ApiModel):
    verdict: AcceptanceVerdict = Field(examples=["passed"])
    comment: LongText = Field(examples=["任务完成，资料齐全。"])


class AcceptanceConclude(ApiModel):
    """`rectify_by` is the day of a rectification, today or later, and of no other verdict."""

    verdict: AcceptanceVerdict = Field(examples=["passed"])
    opinion: LongText = Field(examples=["任务完成，同意通过验收。"])
    rectify_by: Day | None = None


class AcceptanceOpinion(ApiModel):
    expert: Subject
    verdict: AcceptanceVerdict = Field(examples=["passed"])
    comment: str = Field(examples=["任务完成，资料齐全。"])


class Repayment(ApiModel):
    """A payment, and what of it had not been given back at the conclusion, yuan."""

    disbursement_id: UUID
    amount: Money


class AcceptanceRead(ApiModel):
    """`released` is what of the award was unpaid and went back to its line; `give_back` what has to
    come back of what was paid, by `repayments`. Whether it has, the refunds of the award say."""

    id: UUID
    award_id: UUID
    payee_unit: str = Field(examples=["maizier-sugar"])
    state: AcceptanceState = Field(examples=["passed"])
    report: str | None
    created_by: Actor
    submitted_by: str | None
    submitted_at: datetime | None
    experts: list[str] = Field(examples=[["expert-wang"]])
    opinions: list[AcceptanceOpinion]
    opinion: str | None
    rectify_by: date | None
    overdue_on: date | None = Field(
        description="Since when the rectification was late; it stays when it comes after all.",
        examples=["2027-01-01"],
    )
    concluded_by: str | None
    concluded_at: datetime | None
    concluded_on: date | None
    released: Money | None
    give_back: Money | None
    repayments: list[Repayment]
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AcceptancePage(Page[AcceptanceRead]):
    pass
