"""Applications as the API takes and gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Day, LongText, Text

from parks.parks.schemas import ParkGradeName
from parks.pathways.schemas import PathwayStep

GradeApplicationState = Literal[
    "draft", "submitted", "under_review", "returned", "granted", "refused", "withdrawn"
]
APPLICATION_ID = "0197a3d4-7c1e-7000-8000-00000000000e"


class GradeApplicationCreate(ApiModel):
    """A draft; its evidence is added, then it is submitted."""

    park_code: Code = Field(examples=["gangqu"])
    grade: ParkGradeName = Field(examples=["provincial"])


class GradeApplicationSubmit(ApiModel):
    statement: LongText = Field(examples=["园区已形成食品加工产业集群，研发投入逐年增长。"])
    explanation: LongText | None = Field(
        default=None,
        description="Why the park applies although criteria are not met.",
        examples=["在建实验室将于三季度通过认定。"],
    )


class GradeApplicationReason(ApiModel):
    reason: LongText = Field(examples=["佐证材料不全。"])


class GradeApplicationGrant(ApiModel):
    """The grade as it is granted."""

    obtained_on: Day = Field(examples=["2026-06-30"])
    valid_to: Day | None = Field(
        default=None, description="The last day it holds without a review.", examples=["2029-06-30"]
    )
    document_no: Text = Field(examples=["豫科〔2026〕12号"])
    authority: Text | None = Field(default=None, examples=["河南省科学技术厅"])


class GradeApplicationRefuse(GradeApplicationReason):
    document_no: Text | None = Field(default=None, examples=["豫科〔2026〕13号"])


class GradeApplicationRead(GradeApplicationCreate):
    """`steps` and the gap are what the register counted when it was submitted."""

    id: UUID = Field(examples=[APPLICATION_ID])
    state: GradeApplicationState = Field(examples=["submitted"])
    statement: str | None
    explanation: str | None
    filed_by: list[Actor]
    submitted_at: datetime | None
    as_of: Day | None = Field(examples=["2026-06-01"])
    is_ready: bool | None = Field(examples=[False])
    steps: list[PathwayStep]
    gap_zh: str | None = Field(examples=["还需1个省级重点实验室"])
    gap_en: str | None = Field(examples=["needs 1 provincial laboratory"])
    review_started_on: Day | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    document_no: str | None
    grade_id: UUID | None = Field(description="The grade it was granted.", examples=[None])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class GradeApplicationPage(Page[GradeApplicationRead]):
    """One page of applications."""
