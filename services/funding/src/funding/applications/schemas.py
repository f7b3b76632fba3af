"""Applications in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import (
    Actor,
    ApiModel,
    Code,
    LongText,
    Money,
    Quantity,
    Text,
    absent,
)

from funding.applications.domain import ApplicationState, RankingOutcome

Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+ -]{6,20}$")]
Yuan = Annotated[Money, Field(gt=0, examples=["300000.00"])]


class ApplicationUpdate(ApiModel):
    """Merge patch of a draft or a returned application: absent keeps."""

    title: Text = Field(default_factory=absent, examples=["甜菊糖提取成果转化"])
    summary: LongText = Field(default_factory=absent, examples=["建设年产 200 吨提取生产线。"])
    amount: Yuan = Field(default_factory=absent)
    contact_name: Text = Field(default_factory=absent, examples=["某某"])
    contact_phone: Phone = Field(default_factory=absent, examples=["0371-60000000"])


class ApplicationCreate(ApiModel):
    """What a unit asks of a call, as a draft, with the person who can be asked about it."""

    call_id: UUID
    applicant_unit: Code = Field(
        description="Code of the applicant in the directory.", examples=["maizier-sugar"]
    )
    title: Text = Field(examples=["甜菊糖提取成果转化"])
    summary: LongText = Field(examples=["建设年产 200 吨提取生产线。"])
    amount: Yuan
    contact_name: Text = Field(examples=["某某"])
    contact_phone: Phone = Field(examples=["0371-60000000"])


class ApplicationReason(ApiModel):
    """Why it is returned, refused or withdrawn."""

    reason: Text = Field(examples=["缺少查新报告，请补充"])


class ApplicationRead(ApiModel):
    """`contact_name` and `contact_phone` are masked for whoever need not call. `eligible` is what
    the last look at the call's rules said; its results are at `/eligibility-results`. Units see
    `score`, `rank` and `outcome` once the call is awarded; before that they are in its notice."""

    id: UUID
    call_id: UUID
    applicant_unit: str = Field(examples=["maizier-sugar"])
    number: int | None = Field(description="Within the call, from its first submission on.")
    title: str = Field(examples=["甜菊糖提取成果转化"])
    summary: str = Field(examples=["建设年产 200 吨提取生产线。"])
    amount: Money
    contact_name: str = Field(examples=["某*"])
    contact_phone: str = Field(examples=["037******0000"])
    state: ApplicationState = Field(examples=["submitted"])
    eligible: bool | None
    created_by: Actor
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    score: Quantity | None = Field(description="0 to 100, once every expert has scored.")
    rank: int | None
    outcome: RankingOutcome | None
    award_id: UUID | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ApplicationPage(Page[ApplicationRead]):
    pass
