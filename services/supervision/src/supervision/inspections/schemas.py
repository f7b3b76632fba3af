"""Bodies of inspection plans and inspections."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText, Text, absent

from supervision.calendar.schemas import CivilDate
from supervision.checklist_templates.schemas import Checks
from supervision.inspections.domain import FindingSeverity, InspectionStatus
from supervision.items.schemas import DueWorkdays
from supervision.occurrences.schemas import OccurrenceRead, RecurringPut, UnitCodes

ScopeCode = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$"),
    Field(examples=["gangqu"]),
]


class ScopeEntry(ApiModel):
    """Something that is inspected: a park, a unit, an enterprise by its USCC, an indicator."""

    kind: Literal["park", "unit", "enterprise", "indicator"]
    code: ScopeCode


Scope = Annotated[list[ScopeEntry], Field(max_length=500)]


class InspectionPlanPut(RecurringPut):
    """A plan of monthly inspections."""

    cadence: Literal["monthly"]
    organiser_unit: Code = Field(examples=["headquarters"])
    scope_units: UnitCodes = Field(examples=[["gangqu-admin"]])
    checklist: Checks
    checklist_template: Code | None = Field(
        default=None,
        description="Inspections are made by its newest edition, in place of `checklist`.",
        examples=["parks"],
    )
    scope: Scope = Field(
        default_factory=list,
        description="Beside `scope_units`.",
        examples=[[{"kind": "park", "code": "gangqu"}]],
    )


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
    severity: FindingSeverity = FindingSeverity.MINOR
    rectify: bool = Field(default=True, description="Whether the unit has to put it right.")
    due_on: CivilDate | None = None
    due_workdays: DueWorkdays | None = None

    @model_validator(mode="after")
    def one_deadline(self) -> Self:
        if self.due_on is not None and self.due_workdays is not None:
            raise PydanticCustomError("one_deadline", "Give due_on or due_workdays, not both")
        return self


class TeamMember(ApiModel):
    """Somebody who inspects; with a `subject` it writes findings down and signs."""

    name: Text = Field(examples=["检查组组长"])
    unit_code: Code | None = Field(default=None, examples=["headquarters"])
    subject: Text | None = Field(
        default=None, description="Under which its deeds are recorded.", examples=["demo-expert"]
    )
    lead: bool = Field(default=False, description="Leads the team.")


class InspectionPrepare(ApiModel):
    """What is settled before the day; what is left out stays, null clears."""

    scope: Scope = Field(
        default_factory=absent, examples=[[{"kind": "unit", "code": "gangqu-admin"}]]
    )
    team: Annotated[list[TeamMember], Field(max_length=50)] = Field(default_factory=absent)
    place: Text | None = Field(default_factory=absent, examples=["港区管委会会议室"])
    checklist_template: Code | None = Field(default_factory=absent, examples=["parks"])


class CheckResult(ApiModel):
    """What was seen of one thing on the checklist."""

    code: Code = Field(examples=["sales-records"])
    result: Literal["pass", "fail", "not_applicable"]
    note: LongText | None = Field(default=None, examples=["抽查三家企业。"])


class InspectionComplete(ApiModel):
    """What an inspection brought to light."""

    completed_on: CivilDate = Field(examples=["2026-07-20"])
    summary: LongText = Field(examples=["检查六个园区，进度总体正常。"])
    findings: list[InspectionFindingCreate] = Field(
        default_factory=list,
        max_length=200,
        description="Beside those that were written down on the spot.",
    )
    checks: list[CheckResult] = Field(default_factory=list, max_length=100)


class InspectionFindingRead(ApiModel):
    id: UUID
    inspection_id: UUID
    unit_code: str = Field(examples=["gangqu-admin"])
    checklist_code: str | None
    text: str = Field(examples=["两家企业六月报表与台账不符。"])
    severity: FindingSeverity
    rectify: bool
    found_by: str | None = Field(description="Who wrote it down.", examples=["demo-expert"])
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
    scope: Scope = Field(examples=[[{"kind": "park", "code": "gangqu"}]])
    team: list[TeamMember]
    place: str | None
    checklist: Checks | None = Field(description="None before it is prepared: the plan's.")
    checklist_template: str | None
    checklist_edition: int | None
    checks: list[CheckResult]
    digest: str | None = Field(description="Of what was signed first.")
    signed_at: datetime | None


class InspectionPage(Page[InspectionRead]):
    """Inspections by day."""
