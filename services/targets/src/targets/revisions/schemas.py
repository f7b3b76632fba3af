"""Target revisions, and targets in two times, as the API takes and gives them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import (
    Actor,
    ApiModel,
    Code,
    Day,
    LongText,
    Quantity,
    Text,
    Year,
    changed_only_at,
)


class RevisionCreate(ApiModel):
    """A target that is to be another from a day on, as a document says."""

    year: Year = Field(
        description="The target's year; the baseline's, to revise the baseline.", examples=[2027]
    )
    value: Quantity | None = Field(
        description="In the indicator's unit; null withdraws the target.", examples=["45"]
    )
    effective_on: Day = Field(
        description="The first day it holds; it may be past, or still to come.",
        examples=["2027-03-01"],
    )
    document_no: Text = Field(examples=["科发〔2027〕3号"])
    reason: LongText = Field(examples=["省下达指标调整"])


class TargetRevisionRead(ApiModel):
    """A target that was changed; null where there was or is none."""

    id: UUID
    indicator_code: Code = Field(examples=["high-tech-value-added"])
    year: Year = Field(examples=[2027])
    baseline: bool = Field(description="It is the baseline that was revised.", examples=[False])
    old_value: Quantity | None
    new_value: Quantity | None
    effective_on: date | None = Field(
        description="The first day it holds; null where the plan itself was corrected.",
        examples=["2027-03-01"],
    )
    document_no: str | None
    reason: str | None
    revised_by: Actor
    revised_at: datetime = Field(description="Since then it is known.")
    updated_at: datetime = changed_only_at("revised_at")


class TargetRevisionPage(Page[TargetRevisionRead]):
    """One page of target revisions."""


class TargetValueRead(ApiModel):
    """What the target of a year is, from which day until which, and since when that is known."""

    id: UUID
    indicator_code: Code = Field(examples=["high-tech-value-added"])
    year: Year = Field(examples=[2027])
    baseline: bool = Field(examples=[False])
    value: Quantity | None = Field(description="Null where the target was withdrawn.")
    valid_from: date | None = Field(
        description="Null: from the beginning, as the plan has it.", examples=["2027-03-01"]
    )
    valid_to: date | None = Field(
        description="The first day it holds no more.", examples=["2027-07-01"]
    )
    known_from: datetime
    known_to: datetime | None = Field(description="Since then something else is known.")
    revision_id: UUID | None
    document_no: str | None = Field(examples=["科发〔2027〕3号"])
    reason: str | None
    updated_at: datetime = changed_only_at("known_from")


class TargetValuePage(Page[TargetValueRead]):
    """One page of targets in two times."""
