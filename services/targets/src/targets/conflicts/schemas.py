"""Conflicts of the plan as the API takes and gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import (
    Actor,
    ApiModel,
    Code,
    LongText,
    Period,
    Quantity,
    Text,
    changed_only_at,
)
from targets.programmes.schemas import PlanBody, Sentence, SourceRef

ConflictState = Literal["open", "argued", "ruled"]


class ConflictPosition(Sentence):
    """One reading, with the place that supports it; of a number, with the number."""

    code: Code = Field(examples=["provincial"])
    source_ref: SourceRef | None = None
    value: Quantity | None = None


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


class ConflictArgue(ApiModel):
    """What a unit has to say for one of the positions."""

    unit_code: Code = Field(examples=["st-bureau"])
    position: Code = Field(examples=["provincial"])
    reason: LongText = Field(examples=["省科技厅批复文件按省级立项"])
    evidence: LongText | None = Field(default=None, examples=["豫科〔2026〕8号"])


class ConflictArgumentRead(ConflictArgue):
    id: UUID
    conflict_code: Code = Field(examples=["coal-circular-grade"])
    argued_by: Actor
    argued_at: datetime
    updated_at: datetime = changed_only_at("argued_at")


class ConflictArgumentPage(Page[ConflictArgumentRead]):
    """One page of arguments."""


class RuledNumber(ApiModel):
    """A number that counts from the ruling on, in the indicator's unit, whatever else is told."""

    indicator_code: Code = Field(examples=["high-tech-value-added"])
    unit_code: Code | None = Field(
        default=None, description="Null where the number is the whole city's."
    )
    period: Period
    value: Quantity
    numerator: Quantity | None = None
    denominator: Quantity | None = None


class RulingConsequence(RuledNumber):
    observation_id: UUID


class ConflictRule(ApiModel):
    """The office's decision: for one of the positions, or none of them and the words say what."""

    position: Code | None = Field(default=None, examples=["provincial"])
    ruling: LongText = Field(examples=["以工作组任务书为准"])
    document_no: Text = Field(examples=["科指办〔2026〕5号"])
    consequences: list[RuledNumber] = Field(
        default=[], max_length=50, description="The numbers that follow; they count at once."
    )


class ConflictRead(ConflictPut):
    code: Code = Field(examples=["coal-circular-grade"])
    state: ConflictState = Field(examples=["open"])
    ruled_position: Code | None
    ruling: str | None
    document_no: str | None
    ruled_by: str | None
    ruled_at: datetime | None
    consequences: list[RulingConsequence]
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ConflictPage(Page[ConflictRead]):
    """One page of conflicts."""
