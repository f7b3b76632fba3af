"""Bodies of meeting series, meetings and decisions."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText, Text

from supervision.calendar.schemas import CivilDate
from supervision.items.schemas import DueWorkdays
from supervision.meetings.domain import MeetingStatus
from supervision.occurrences.schemas import OccurrenceRead, RecurringPut, UnitCodes


class MeetingHeading(ApiModel):
    """A heading of the work report."""

    code: Literal["progress", "results", "good_practice", "problems", "proposals"]
    name_zh: Text = Field(examples=["进度"])
    name_en: Text = Field(examples=["Progress"])


class MeetingSeriesPut(RecurringPut):
    """A standing meeting; without headings its reports are free."""

    cadence: Literal["half_monthly", "monthly", "quarterly", "half_yearly", "yearly"]
    convener_unit: Code = Field(examples=["programme-office"])
    participant_units: UnitCodes = Field(examples=[["group-1", "group-2"]])
    headings: list[MeetingHeading] = Field(default_factory=list, max_length=5)
    report_workdays: Annotated[int, Field(ge=0, le=20)] = Field(
        default=1, description="Work reports are due so many workdays before the meeting."
    )


class MeetingSeriesRead(MeetingSeriesPut):
    id: UUID
    code: Code = Field(examples=["half-monthly-report"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class MeetingSeriesPage(Page[MeetingSeriesRead]):
    """Meeting series by code."""


class MeetingDecisionCreate(ApiModel):
    """A decision. With `supervise` it becomes a supervision item of the responsible unit."""

    text: LongText = Field(examples=["港区管委会于月底前补齐企业报表。"])
    responsible_unit: Code = Field(examples=["gangqu-admin"])
    supervise: bool = Field(default=False, description="Whether an item sees it done.")
    due_on: CivilDate | None = None
    due_workdays: DueWorkdays | None = None

    @model_validator(mode="after")
    def one_deadline(self) -> Self:
        if self.due_on is not None and self.due_workdays is not None:
            raise PydanticCustomError("one_deadline", "Give due_on or due_workdays, not both")
        return self


class Attendance(ApiModel):
    """Whether a unit was there, and who for it."""

    unit_code: Code = Field(examples=["gangqu-admin"])
    status: Literal["present", "absent", "excused"]
    name: Text | None = Field(default=None, examples=["管委会副主任"])
    note: Text | None = Field(default=None, examples=["出差"])


Attendances = Annotated[list[Attendance], Field(max_length=500)]


class MeetingHold(ApiModel):
    """The record of a meeting."""

    held_on: CivilDate = Field(examples=["2026-07-15"])
    minutes: LongText = Field(examples=["听取六个项目组汇报，研究落后指标。"])
    attended_units: list[Code] = Field(
        default_factory=list, max_length=500, examples=[["gangqu-admin"]]
    )
    attendance: Attendances = Field(
        default_factory=list, description="Those present count among `attended_units`."
    )
    decisions: list[MeetingDecisionCreate] = Field(default_factory=list, max_length=100)


class MeetingRead(OccurrenceRead):
    """One meeting."""

    status: MeetingStatus
    held_on: date | None
    minutes: str | None
    attended_units: list[str] = Field(examples=[["gangqu-admin"]])
    absent_units: list[str] = Field(description="Called, and not there.", examples=[["group-4"]])
    attendance: list[Attendance]
    place: str | None
    topics: list[str] = Field(examples=[["研究落后指标"]])
    reports_due_on: date | None = Field(
        description="When work reports are due.", examples=["2026-07-14"]
    )
    minutes_by: str | None = Field(description="Who kept the minutes.")
    confirmed_by: str | None = Field(description="Who stands for the minutes.")
    confirmed_at: datetime | None


class MeetingPage(Page[MeetingRead]):
    """Meetings by day."""


class MeetingDecisionRead(ApiModel):
    id: UUID
    meeting_id: UUID
    position: int = Field(examples=[1])
    text: str = Field(examples=["港区管委会于月底前补齐企业报表。"])
    responsible_unit: str = Field(examples=["gangqu-admin"])
    item_id: UUID | None = Field(description="The item that sees it done.")
    created_at: datetime
    updated_at: datetime


class MeetingDecisionPage(Page[MeetingDecisionRead]):
    """Decisions, the newest first."""
