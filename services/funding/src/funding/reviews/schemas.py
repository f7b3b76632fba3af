"""Reviews in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Money, Quantity, Text

from funding.reviews.domain import ReviewState

Subject = Annotated[
    str,
    Field(
        min_length=1,
        max_length=255,
        pattern=r"^[^\x00]*$",
        description="The subject of the expert's token.",
        examples=["expert-wang"],
    ),
]
Points = Annotated[Quantity, Field(ge=0, le=100, decimal_places=2, examples=["85.5"])]


class ReviewCreate(ApiModel):
    """Assign an expert to an application. `expert_unit` is where the expert belongs, if to a unit
    of the directory: nobody reviews their own unit."""

    application_id: UUID
    expert: Subject
    expert_unit: Code | None = Field(default=None, examples=["sta"])


class ReviewDeclaration(ApiModel):
    """`relation` says what interest the expert has in the applicant; none declares that there is
    no interest. Whoever has one does not score."""

    relation: Text | None = Field(default=None, examples=["本人配偶在申报单位任职"])


class CriterionScore(ApiModel):
    criterion: Code = Field(examples=["novelty"])
    score: Points
    comment: Text | None = Field(default=None, examples=["路线清晰，有专利支撑"])


class ReviewScore(ApiModel):
    """Every criterion of the call, once, from 0 to 100."""

    scores: list[CriterionScore] = Field(min_length=1, max_length=20)
    comment: LongText | None = Field(default=None, examples=["建议支持。"])


class ReviewRevoke(ApiModel):
    reason: Text = Field(examples=["专家逾期未评"])


class ReviewRead(ApiModel):
    """Scores, total and comment are shown to their author, and to nobody else until every expert
    of the application has scored."""

    id: UUID
    application_id: UUID
    call_id: UUID
    expert: str = Field(examples=["expert-wang"])
    expert_unit: str | None
    state: ReviewState = Field(examples=["scored"])
    assigned_by: Actor
    relation: str | None
    declared_at: datetime | None
    scores: list[CriterionScore] | None
    total: Quantity | None
    comment: str | None
    scored_at: datetime | None
    reason: str | None
    version: int = Field(examples=[2])
    created_at: datetime
    updated_at: datetime


class ReviewPage(Page[ReviewRead]):
    pass


class ReviewedApplication(ApiModel):
    """What an expert is given of an application: all but whom to call."""

    id: UUID
    call_id: UUID
    number: int = Field(examples=[7])
    applicant_unit: str = Field(examples=["maizier-sugar"])
    title: str = Field(examples=["甜菊糖提取成果转化"])
    summary: str = Field(examples=["建设年产 200 吨提取生产线。"])
    amount: Money
