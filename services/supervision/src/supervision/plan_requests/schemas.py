"""Bodies of requests for plans."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Text, Year

from supervision.calendar.schemas import CivilDate
from supervision.items.schemas import DueWorkdays
from supervision.plan_requests.domain import PlanKind, PlanRequestState


class PlanRequestCreate(ApiModel):
    """Plans are asked of units, by a deadline: 20 workdays if nothing is said."""

    programme: Code = Field(examples=["innovation-programme"])
    kind: PlanKind
    year: Year | None = Field(default=None, description="Of an annual work plan.", examples=[2026])
    title: Text = Field(examples=["报送 2026 年度进展计划"])
    note: LongText | None = Field(default=None, examples=["请按模板填报。"])
    units: Annotated[list[Code], Field(max_length=1000)] = Field(
        default_factory=list,
        description="A collective stands for its members; none given: every unit and enterprise.",
        examples=[["gangqu-admin"]],
    )
    due_on: CivilDate | None = None
    due_workdays: DueWorkdays | None = None

    @model_validator(mode="after")
    def one_deadline(self) -> Self:
        if self.due_on is not None and self.due_workdays is not None:
            raise PydanticCustomError("one_deadline", "Give due_on or due_workdays, not both")
        return self


class PlanRequestCancel(ApiModel):
    """Why the plans are not needed."""

    reason: LongText = Field(examples=["与市级计划合并报送。"])


class PlanRequestRead(ApiModel):
    id: UUID
    programme: str = Field(examples=["innovation-programme"])
    kind: PlanKind
    year: int | None = Field(examples=[2026])
    title: str = Field(examples=["报送 2026 年度进展计划"])
    note: str | None
    units: list[str] = Field(description="Those asked.", examples=[["gangqu-admin"]])
    due_on: date = Field(examples=["2026-02-06"])
    due_provisional: bool = Field(description="The deadline may still move with the calendar.")
    state: PlanRequestState
    requested_by: Actor
    cancel_reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PlanRequestPage(Page[PlanRequestRead]):
    """Requests, the newest first."""
