"""Key tasks as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from servicekit.http.paging import Page
from servicekit.types import Code, Day, LongText, Quantity
from targets.indicators.schemas import MeasureUnit
from targets.programmes.schemas import PlanBody


class KeyTaskDeliverable(PlanBody):
    """Something a key task hands over."""

    code: Code = Field(examples=["provincial-key-laboratories"])
    kind: Literal["count", "built", "recurring", "amount", "grade"] = Field(examples=["count"])
    quantity: Quantity | None = None
    unit: MeasureUnit | None = None
    indicator: Code | None = Field(default=None, description="The indicator that measures it.")
    due_on: Day = Field(examples=["2028-12-31"])
    responsible_units: list[Code] = Field(default=[], max_length=100)


def _each_once(deliverables: list[KeyTaskDeliverable]) -> list[KeyTaskDeliverable]:
    if len({deliverable.code for deliverable in deliverables}) != len(deliverables):
        raise ValueError("the codes of deliverables must differ within a task")
    return deliverables


Deliverables = Annotated[list[KeyTaskDeliverable], AfterValidator(_each_once)]


class KeyTaskDefinition(PlanBody):
    programme: Code = Field(examples=["innovation-programme"])
    number: int = Field(ge=1, le=99, examples=[3])
    description_zh: LongText = Field(examples=["建设创新基地"])
    description_en: LongText = Field(examples=["Build innovation bases"])
    lead_unit: Code = Field(examples=["st-bureau"])
    supporting_units: list[Code] = Field(default=[], max_length=100)
    starts_on: Day = Field(examples=["2026-01-01"])
    due_on: Day = Field(examples=["2028-12-31"])
    deliverables: Deliverables = Field(default=[], max_length=100)


class KeyTaskPut(KeyTaskDefinition):
    @model_validator(mode="after")
    def runs_forward(self) -> "KeyTaskPut":
        if self.due_on < self.starts_on:
            raise ValueError("due_on is before starts_on")
        return self


class KeyTaskRead(KeyTaskDefinition):
    code: Code = Field(examples=["innovation-bases"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class KeyTaskPage(Page[KeyTaskRead]):
    """One page of key tasks."""
