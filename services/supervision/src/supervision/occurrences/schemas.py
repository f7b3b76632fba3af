"""Bodies of what recurs."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from servicekit.types import ApiModel, Code, LongText, Text

from supervision.calendar.schemas import CivilDate

SourceRef = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
"""The place in the plan, such as `二(七)3`."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
"""A sentence or two, no NUL."""

UnitCodes = Annotated[list[Code], Field(min_length=1, max_length=500)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
Month = Annotated[int, Field(ge=1, le=12)]


class RecurringPut(ApiModel):
    """Something that recurs: each of `months` on each of `days_of_month`.

    A day past the end of a month is its last day; a day off moves to the next workday.
    """

    programme: Code = Field(examples=["innovation-programme"])
    name_zh: Text = Field(examples=["每月现场检查"])
    name_en: Text = Field(examples=["Monthly inspection"])
    months: Annotated[list[Month], Field(min_length=1, max_length=12, examples=[[7]])]
    days_of_month: Annotated[list[DayOfMonth], Field(min_length=1, max_length=4, examples=[[15]])]
    starts_on: CivilDate = Field(examples=["2026-01-01"])
    ends_on: CivilDate | None = Field(default=None, examples=["2028-12-31"])
    source_ref: SourceRef | None = Field(default=None, examples=["四"])

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise PydanticCustomError("ends_before_start", "ends_on lies before starts_on")
        return self


class OccurrenceRead(ApiModel):
    """One day of something that recurs."""

    id: UUID
    plan_code: str = Field(examples=["monthly-inspection"])
    period: str = Field(examples=["2026-07"])
    nominal_on: date = Field(description="The day the plan names.", examples=["2026-06-20"])
    scheduled_on: date = Field(description="That day or the next workday.", examples=["2026-06-22"])
    provisional: bool = Field(description="The year's holidays are not announced yet.")
    units: list[str] = Field(examples=[["gangqu-admin"]])
    missed: bool = Field(
        description="Its day has passed, and it was neither carried out nor withdrawn."
    )
    moved_by: str | None = Field(description="Who set the day by hand.")
    moved_reason: str | None
    withdrawn_by: str | None = Field(description="None where the plan has withdrawn it.")
    withdrawn_reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class OccurrenceMove(ApiModel):
    """Another day than the plan's; it has to be a workday."""

    scheduled_on: CivilDate = Field(examples=["2026-07-22"])
    reason: LongText = Field(examples=["与全市会议冲突。"])


class OccurrenceWithdraw(ApiModel):
    """Why it does not take place."""

    reason: LongText = Field(examples=["防汛应急，当月不安排现场检查。"])
