"""Parks and grades as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Day, LongText, Text

ParkKind = Literal["private_st_park", "circular_economy_park"]
ParkGradeName = Literal["municipal", "provincial", "national"]
SourceRef = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$"),
    Field(description="Place in the plan.", examples=["二(四)"]),
]


class ParkPut(ApiModel):
    programme: Code | None = Field(
        default=None,
        description="The programme the park belongs to; its sales count for `six_parks`.",
        examples=["innovation-programme"],
    )
    name_zh: Text = Field(examples=["薛店中原食品工业园"])
    name_en: Text = Field(examples=["Xuedian Zhongyuan food industry park"])
    aliases: list[Text] = Field(default=[], max_length=50, examples=[["中原食品工业园"]])
    kind: ParkKind = Field(examples=["private_st_park"])
    desired_grade: ParkGradeName = Field(examples=["provincial"])
    desired_by: Day = Field(examples=["2028-12-31"])
    jurisdictions: list[Code] = Field(
        default=[],
        max_length=100,
        description="Towns and subdistricts of the directory.",
        examples=[["xuedian-town"]],
    )
    administration_unit: Code | None = Field(default=None, examples=["gangqu-admin"])
    focus_zh: LongText | None = Field(default=None, examples=["食品工业。"])
    focus_en: LongText | None = Field(default=None, examples=["Food industry."])
    open_conflict: Code | None = Field(
        default=None,
        description="A contradiction of the plan that touches this park, until it is ruled on.",
        examples=["circular-park-grade"],
    )
    source_ref: SourceRef | None = None


class ParkRead(ParkPut):
    code: Code = Field(examples=["xuedian"])
    current_grade: ParkGradeName | None = Field(
        description="The highest grade it holds.", examples=["municipal"]
    )
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ParkPage(Page[ParkRead]):
    """One page of parks."""


class ParkGradeCreate(ApiModel):
    grade: ParkGradeName = Field(examples=["provincial"])
    obtained_on: Day = Field(examples=["2026-06-30"])
    document_no: Text = Field(
        description="The document that grants it.", examples=["豫科〔2026〕12号"]
    )
    authority: Text | None = Field(default=None, examples=["省科技厅"])
    valid_to: Day | None = Field(
        default=None, description="The last day it holds without a review.", examples=["2029-06-30"]
    )


class ParkGradeRead(ParkGradeCreate):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000001"])
    park_code: Code = Field(examples=["xuedian"])
    lost_on: Day | None = Field(
        default=None, description="The first day it did not hold any more.", examples=[None]
    )
    lost_reason: Literal["expired", "revoked"] | None = None
    created_at: datetime
    updated_at: datetime


class ParkGradePage(Page[ParkGradeRead]):
    """One page of obtained grades."""
