"""Conflicts of the plan as the API takes and gives them."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText, Text
from targets.programmes.schemas import PlanBody, Sentence, SourceRef

ConflictState = Literal["open", "ruled"]


class ConflictPosition(Sentence):
    """One reading, with the place that supports it."""

    code: Code = Field(examples=["provincial"])
    source_ref: SourceRef | None = None


class ConflictPut(PlanBody):
    programme: Code = Field(examples=["innovation-programme"])
    kind: Literal["contradiction", "unstated"] = Field(examples=["contradiction"])
    subject_kind: Literal[
        "indicator", "park", "key_task", "working_group", "funding_rule", "programme"
    ] = Field(examples=["park"])
    subject_code: Code | None = Field(default=None, examples=["coal-circular"])
    positions: list[ConflictPosition] = Field(min_length=1, max_length=20)
    working_reading_zh: LongText = Field(
        description="What holds until the office rules.", examples=["按省级示范园区执行。"]
    )
    working_reading_en: LongText = Field(
        description="What holds until the office rules.",
        examples=["Provincial demonstration park."],
    )


class ConflictRule(ApiModel):
    """The office's decision: for one of the positions, or none of them and the words say what."""

    position: Code | None = Field(default=None, examples=["provincial"])
    ruling: LongText = Field(examples=["以工作组任务书为准"])
    document_no: Text = Field(examples=["科指办〔2026〕5号"])


class ConflictRead(ConflictPut):
    code: Code = Field(examples=["coal-circular-grade"])
    state: ConflictState = Field(examples=["open"])
    ruled_position: Code | None
    ruling: str | None
    document_no: str | None
    ruled_by: str | None
    ruled_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ConflictPage(Page[ConflictRead]):
    """One page of conflicts."""
