"""Bodies of the calendar."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Text, iso_day

CivilDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31)), iso_day]
"""A civil date of the city, within the years the calendar knows."""

SourceRef = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
"""The place in the plan, such as `二(七)3`."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
"""A sentence or two, no NUL."""

UnitCodes = Annotated[list[Code], Field(min_length=1, max_length=500)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
Month = Annotated[int, Field(ge=1, le=12)]


class CalendarDayPut(ApiModel):
    """What the office rules for one day."""

    workday: bool = Field(description="Whether people work on this day.", examples=[True])
    name: Text | None = Field(default=None, description="Why.", examples=["调休上班"])


class CalendarDayCreate(ApiModel):
    """A day of a notice, or what the office rules for one."""

    day: CivilDate = Field(examples=["2027-02-06"])
    workday: bool = Field(description="Whether people work on this day.", examples=[True])
    name: Text | None = Field(default=None, description="Why.", examples=["调休上班"])


class CalendarDayRead(ApiModel):
    day: date = Field(examples=["2026-02-14"])
    workday: bool = Field(examples=[True])
    name: str | None = Field(examples=["调休上班"])
    source: Literal["announced", "office"] = Field(
        description="`announced` by the State Council, or set by the `office`."
    )
    provisional: bool = Field(description="The year's notice is not known yet; the day may move.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class CalendarDayPage(Page[CalendarDayRead]):
    """Days that differ from a plain week or carry a name."""


class DeadlineRead(ApiModel):
    """A deadline counted in workdays."""

    start: date = Field(examples=["2026-02-12"])
    workdays: int = Field(examples=[10])
    due_on: date = Field(examples=["2026-03-05"])
    provisional: bool = Field(description="Counted over days that may still move.")


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
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime
