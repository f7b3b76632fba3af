"""Bodies of the calendar."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Text, iso_day

CivilDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31)), iso_day]
"""A civil date of the city, within the years the calendar knows."""


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
