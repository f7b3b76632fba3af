"""Key tasks as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from servicekit.http.paging import Page
from servicekit.types import Code, Day, LongText, Quantity
from targets.indicators.schemas import MeasureUnit
from targets.programmes.schemas import PlanBody

MilestoneState = Literal["open", "claimed", "confirmed"]
Weight = Annotated[Quantity, Field(gt=0, le=Decimal(1000))]
Part = TypeVar("Part", "KeyTaskDeliverable", "TaskMilestoneDefinition")


class KeyTaskDeliverable(PlanBody):
    """Something a key task hands over."""

    code: Code = Field(examples=["provincial-key-laboratories"])
    kind: Literal["count", "built", "recurring", "amount", "grade"] = Field(examples=["count"])
    quantity: Quantity | None = None
    unit: MeasureUnit | None = None
    indicator: Code | None = Field(default=None, description="The indicator that measures it.")
    due_on: Day = Field(examples=["2028-12-31"])
    responsible_units: list[Code] = Field(default=[], max_length=100)


class TaskMilestoneDefinition(PlanBody):
    """Something the task has reached by a day."""

    code: Code = Field(examples=["first-laboratory"])
    due_on: Day = Field(examples=["2027-06-30"])
    weight: Weight = Field(
        default=Decimal(1), description="Its share of the task, beside the others'."
    )
    responsible_unit: Code | None = Field(
        default=None,
        description="Reports on it with the lead; null: every unit of the task does.",
        examples=["st-bureau"],
    )


class TaskMilestoneRead(TaskMilestoneDefinition):
    id: UUID
    key_task: Code = Field(examples=["innovation-bases"])
    state: MilestoneState = Field(examples=["open"])
    percent_complete: int = Field(description="100 once it is confirmed.", examples=[40])
    note: str | None = Field(examples=["实验室主体封顶"])
    reported_by: str | None
    reported_at: datetime | None
    claimed_by: str | None
    claimed_at: datetime | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    return_reason: str | None
    overdue_at: datetime | None = Field(description="When it was found not reached by its day.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


def _each_once(parts: list[Part]) -> list[Part]:
    if len({part.code for part in parts}) != len(parts):
        raise ValueError("the codes must differ within a task")
    return parts


Deliverables = Annotated[list[KeyTaskDeliverable], AfterValidator(_each_once)]
Milestones = Annotated[list[TaskMilestoneDefinition], AfterValidator(_each_once)]


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
    milestones: Milestones | None = Field(
        default=None,
        max_length=100,
        description="Null or absent: they stay as they are.",
        examples=[
            [
                {
                    "code": "first-laboratory",
                    "name_zh": "首个省级重点实验室揭牌",
                    "name_en": "First provincial key laboratory opened",
                    "due_on": "2027-06-30",
                    "weight": "2",
                }
            ]
        ],
    )

    @model_validator(mode="after")
    def runs_forward(self) -> "KeyTaskPut":
        if self.due_on < self.starts_on:
            raise ValueError("due_on is before starts_on")
        return self


class KeyTaskRead(KeyTaskDefinition):
    code: Code = Field(examples=["innovation-bases"])
    milestones: list[TaskMilestoneDefinition] = Field(
        description="How far each is: `/key-tasks/{code}/milestones`."
    )
    percent_complete: Quantity | None = Field(
        description="Of its milestones by weight; null where it has none.", examples=["37.5"]
    )
    overdue_at: datetime | None = Field(description="When it was found not done by its day.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class KeyTaskPage(Page[KeyTaskRead]):
    """One page of key tasks."""
