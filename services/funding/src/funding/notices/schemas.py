"""Public notices in answers."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Money, Quantity

from funding.applications.domain import RankingOutcome
from funding.notices.domain import NoticeState


class NoticeEntry(ApiModel):
    """One place of the list."""

    rank: int = Field(examples=[1])
    application_id: UUID
    number: int = Field(examples=[7])
    applicant_unit: str = Field(examples=["maizier-sugar"])
    applicant_name: str = Field(examples=["麦滋尔糖业"])
    title: str = Field(examples=["甜菊糖提取成果转化"])
    amount: Money
    score: Quantity = Field(examples=["86.5"])
    outcome: RankingOutcome = Field(examples=["selected"])


class PublicNoticeRead(ApiModel):
    """What is shown before anything is awarded. Objections are taken until the end of `ends_on`;
    `provisional` says that the holidays of its year are not announced yet."""

    id: UUID
    call_id: UUID
    state: NoticeState = Field(examples=["published"])
    entries: list[NoticeEntry]
    digest: str = Field(
        description="SHA-256 of the entries as JSON with sorted keys and no spaces.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    published_on: date
    workdays: int = Field(examples=[5])
    ends_on: date
    provisional: bool
    published_by: Actor
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PublicNoticePage(Page[PublicNoticeRead]):
    pass
