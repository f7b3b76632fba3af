"""Divided targets as the API takes and gives them."""

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
    Year,
    changed_only_at,
)

AssignmentState = Literal["in_force", "withdrawn"]
CoverageState = Literal["unassigned", "under", "exact", "over", "not_additive"]
PART = "0197a3d4-7c1e-7000-8000-000000000004"


class AssignmentChange(ApiModel):
    """What every change of a part rests on."""

    document_no: Text = Field(examples=["科指办〔2026〕8号"])
    reason: LongText | None = Field(default=None, examples=["按上年实绩重新分解"])


class AssignmentUpdate(AssignmentChange):
    value: Quantity = Field(description="The new target, in the indicator's unit.")


class AssignmentCreate(AssignmentChange):
    """A part of the milestone, or of the part of a unit above (`parent_id`)."""

    indicator_code: Code = Field(examples=["high-tech-value-added"])
    year: Year = Field(examples=[2026])
    unit_code: Code = Field(examples=["gangqu-admin"])
    parent_id: UUID | None = Field(
        default=None, description="The assignment it is a part of; null: of the milestone."
    )
    value: Quantity = Field(description="In the indicator's unit.")


class AssignmentRead(AssignmentCreate):
    """A unit's target, with what the unit and all below it have come to.

    `share` is its part of `promised`, which is what is divided; `completion` is the actual over
    the target. Both are null where that would divide by zero.
    """

    id: UUID
    unit: str = Field(examples=["亿元"])
    state: AssignmentState = Field(examples=["in_force"])
    promised: Quantity | None
    share: Quantity | None
    period: Period | None = Field(description="The year's latest with a number.")
    actual: Quantity | None
    completion: Quantity | None
    assigned_by: Actor
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AssignmentPage(Page[AssignmentRead]):
    """One page of assignments."""


class AssignmentRevisionRead(ApiModel):
    """A change of a part; no old value where it was made, no new one where it was withdrawn."""

    id: UUID
    assignment_id: UUID
    old_value: Quantity | None
    new_value: Quantity | None
    document_no: str = Field(examples=["科指办〔2026〕8号"])
    reason: str | None
    revised_by: Actor
    revised_at: datetime
    updated_at: datetime = changed_only_at("revised_at")


class AssignmentRevisionPage(Page[AssignmentRevisionRead]):
    """One page of an assignment's changes."""


class AssignmentCoverage(ApiModel):
    """What was promised against what its parts come to, added up as the indicator's units are.

    `gap` is what is not assigned yet, below zero where too much is. Ratios and latest values do
    not add up from their parts (`not_additive`): there is nothing to compare.
    """

    id: str = Field(examples=["high-tech-value-added/2026/gangqu-admin"])
    indicator_code: Code = Field(examples=["high-tech-value-added"])
    year: Year = Field(examples=[2026])
    unit_code: Code | None = Field(description="Null: the milestone itself.")
    assignment_id: UUID | None = Field(examples=[PART])
    unit: str = Field(examples=["亿元"])
    promised: Quantity
    assigned: Quantity | None
    parts: int = Field(description="How many units it is divided over.", examples=[6])
    gap: Quantity | None
    coverage: Quantity | None
    state: CoverageState = Field(examples=["under"])
    updated_at: datetime


class AssignmentCoveragePage(Page[AssignmentCoverage]):
    """One page of what is divided."""
