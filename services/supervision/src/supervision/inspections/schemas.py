"""Bodies of inspection plans and inspections."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText

from supervision.calendar.schemas import (
    CivilDate,
    OccurrenceRead,
    RecurringPut,
    UnitCodes,
    Words,
)
from supervision.inspections.domain import InspectionStatus
from supervision.items.schemas import DueWorkdays


class InspectionCheck(ApiModel):
    """One thing to look at."""

    code: Code = Field(examples=["sales-records"])
    text_zh: Words = Field(examples=["销售台账与报表一致"])
    text_en: Words = Field(examples=["Sales records agree with the returns"])


class InspectionPlanPut(RecurringPut):
    """A plan of monthly inspections."""

    cadence: Literal["monthly"]
    organiser_unit: Code = Field(examples=["headquarters"])
    scope_units: UnitCodes = Field(examples=[["gangqu-admin"]])
    checklist: Annotated[list[InspectionCheck], Field(min_length=1, max_length=100)]


class InspectionPlanRead(InspectionPlanPut):
    id: UUID
    code: Code = Field(examples=["monthly-inspection"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class InspectionPlanPage(Page[InspectionPlanRead]):
    """Inspection plans by code."""


class InspectionFindingCreate(ApiModel):
    """Something found at a unit. With `rectify` it becomes a supervision item of that unit."""

    unit_code: Code = Field(examples=["gangqu-admin"])
    checklist_code: Code | None = Field(default=None, examples=["sales-records"])
    text: LongText = Field(examples=["两家企业六月报表与台账不符。"])
    rectify: bool = Field(default=True, description="Whether the unit has to put it right.")
    due_on: CivilDate | None = None
    due_workdays: DueWorkdays | None = None

    @model_validator(mode="after")
    def one_deadline(self) -> Self:
        if self.due_on is not None and self.due_workdays is not None:
            raise PydanticCustomError("one_deadline", "Give due_on or due_workdays, not both")
        return self


class InspectionComplete(ApiModel):
    """What an inspection brought to light."""

    completed_on: CivilDate = Field(examples=["2026-07-20"])
    summary: LongText = Field(examples=["检查六个园区，进度总体正常。"])
    findings: list[InspectionFindingCreate] = Field(default_factory=list, max_length=200)


class InspectionFindingRead(ApiModel):
    id: UUID
    inspection_id: UUID
    unit_code: str = Field(examples=["gangqu-admin"])
    checklist_code: str | None
    text: str = Field(examples=["两家企业六月报表与台账不符。"])
    item_id: UUID | None = Field(description="The item that has it put right.")
    created_at: datetime
    updated_at: datetime


class InspectionFindingPage(Page[InspectionFindingRead]):
    """Findings of one inspection, as far as the caller may see them."""


class InspectionRead(OccurrenceRead):
    """One on-site inspection."""

    status: InspectionStatus
    completed_on: date | None
    completed_by: str | None
    summary: str | None
    finding_count: int = Field(examples=[2])


class InspectionPage(Page[InspectionRead]):
    """Inspections by day."""
