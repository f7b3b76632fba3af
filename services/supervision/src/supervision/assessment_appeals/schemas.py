"""Bodies of appeals."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Quantity

from supervision.assessment_appeals.domain import AssessmentAppealState
from supervision.assessment_schemes.schemas import Points


class AssessmentAppealCreate(ApiModel):
    """A unit appeals against its points under one criterion."""

    assessment_id: UUID
    unit_code: Code = Field(examples=["gangqu-admin"])
    criterion_code: Code = Field(examples=["rectification"])
    reason: LongText = Field(examples=["该事项逾期系设备供货延误，已获批延期。"])


class AssessmentAppealRuling(ApiModel):
    """With `upheld`, `points` are added to the criterion (or taken, where negative)."""

    upheld: bool = Field(examples=[True])
    points: Points | None = Field(default=None, examples=["2"])
    ruling: LongText = Field(examples=["情况属实，恢复扣分。"])

    @model_validator(mode="after")
    def points_where_upheld(self) -> Self:
        if self.upheld != (self.points is not None):
            raise PydanticCustomError("points", "An upheld appeal has points, a rejected one none")
        return self


class AssessmentAppealRead(ApiModel):
    id: UUID
    assessment_id: UUID
    unit_code: str = Field(examples=["gangqu-admin"])
    criterion_code: str = Field(examples=["rectification"])
    reason: str = Field(examples=["该事项已获批延期。"])
    state: AssessmentAppealState
    appealed_by: Actor
    points: Quantity | None
    ruling: str | None
    ruled_by: str | None
    ruled_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AssessmentAppealPage(Page[AssessmentAppealRead]):
    """Appeals, the newest first."""
