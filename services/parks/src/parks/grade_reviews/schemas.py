"""Reviews as the API takes and gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Day, LongText, Text


class ParkGradeReviewCreate(ApiModel):
    """What a review came to: the grade holds to another day, or no longer."""

    outcome: Literal["renewed", "revoked"] = Field(examples=["renewed"])
    reviewed_on: Day = Field(
        description="A revoked grade is lost from this day on.", examples=["2026-06-20"]
    )
    valid_to: Day | None = Field(
        default=None, description="The new last day, of a renewal.", examples=["2032-06-30"]
    )
    document_no: Text = Field(examples=["豫科〔2026〕77号"])
    reason: LongText | None = Field(
        default=None, description="Why it is taken away.", examples=["连续两年销售收入未达标。"]
    )


class ParkGradeReviewRead(ParkGradeReviewCreate):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000008"])
    grade_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000001"])
    created_at: datetime
    updated_at: datetime


class ParkGradeReviewPage(Page[ParkGradeReviewRead]):
    """One page of reviews."""
