"""Bodies of supervision items."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Text, changed_only_at

from supervision.calendar.schemas import CivilDate
from supervision.items.domain import ItemStatus, Severity

DueWorkdays = Annotated[
    int, Field(ge=1, le=250, description="Deadline in workdays from today.", examples=[10])
]
SupervisionOrigin = Literal["manual", "indicator", "rule", "finding", "decision", "overdue_report"]


class SupervisionItemCreate(ApiModel):
    """An item the office issues by hand. The deadline is a date or a number of workdays."""

    title: Text = Field(examples=["六园区销售收入落后，请查明原因并整改"])
    description: LongText = Field(examples=["上半年累计 36.1 亿元，低于应达 38.5 亿元。"])
    responsible_unit: Code = Field(examples=["gangqu-admin"])
    due_on: CivilDate | None = Field(
        default=None,
        description="A day off moves to the next workday.",
        examples=["2026-08-14"],
    )
    due_workdays: DueWorkdays | None = None
    holds_payments: bool = Field(
        default=True, description="Payments to the responsible unit wait until it is closed."
    )
    severity: Severity = Severity.ORDINARY
    indicator_code: Code | None = Field(
        default=None,
        description="Closing then waits until this indicator has been measured off red again.",
        examples=["six-parks-sales"],
    )

    @model_validator(mode="after")
    def one_deadline(self) -> Self:
        if self.due_on is not None and self.due_workdays is not None:
            raise PydanticCustomError("one_deadline", "Give due_on or due_workdays, not both")
        return self


class RectificationSubmit(ApiModel):
    """What the unit has done."""

    rectification: LongText = Field(examples=["已约谈三家企业，补报漏报报表，七月起恢复进度。"])


class ItemReasonGiven(ApiModel):
    """Why an item is sent back, cancelled or excepted."""

    reason: LongText = Field(examples=["整改材料未附佐证，请补充。"])


class ItemNoteGiven(ApiModel):
    """What was found; may be left out."""

    note: LongText | None = Field(default=None, examples=["现场核实，整改属实。"])


class ItemTransfer(ApiModel):
    """Who has to put it right instead, and why."""

    responsible_unit: Code = Field(examples=["xuedian-town"])
    reason: LongText = Field(examples=["企业已迁入薛店镇，由其负责整改。"])


class ItemMerge(ApiModel):
    """The open item of the same unit that goes on, and why."""

    into: UUID
    reason: LongText = Field(examples=["与该事项为同一问题。"])


class SupervisionItemRead(ApiModel):
    """An item as it stands."""

    id: UUID
    number: str = Field(examples=["2026-0001"])
    title: str = Field(examples=["指标“六园区销售收入”落后于进度"])
    description: str = Field(examples=["上半年累计 36.1 亿元，低于应达 38.5 亿元。"])
    origin: SupervisionOrigin
    origin_ref: str | None = Field(
        description="What it came from: an indicator's or a rule's code, a finding's or a "
        "decision's id.",
        examples=["six-parks-sales"],
    )
    responsible_unit: str = Field(examples=["gangqu-admin"])
    issued_on: date
    due_on: date = Field(examples=["2026-08-14"])
    due_provisional: bool = Field(description="The deadline runs over days that may still move.")
    holds_payments: bool
    severity: Severity = Severity.ORDINARY
    status: ItemStatus
    overdue_at: datetime | None = Field(description="When the deadline was found to have passed.")
    return_count: int = Field(examples=[0])
    extension_count: int = Field(description="How often it was extended.", examples=[0])
    correlation_id: str = Field(
        description="The same in everything that belongs to the case.",
        examples=["0197a3d4-7c1e-7000-8000-0000000000c1"],
    )
    indicator_code: str | None
    period: str | None = Field(examples=["2026-07"])
    reason_zh: str | None = Field(examples=["截至 2026 年 6 月实际 36.1 亿元，应达 38.5 亿元"])
    reason_en: str | None = Field(
        examples=["actual 36.1, expected 38.5 by June 2026 (in 100 million yuan)"]
    )
    measured_after: datetime | None = Field(
        description="Only a measurement later than this shows the indicator to be back on track."
    )
    remeasured_at: datetime | None
    remeasured_period: str | None = Field(examples=["2026-08"])
    remeasured_status: str | None = Field(examples=["green"])
    restored_at: datetime | None = Field(description="When its fiscal rule was kept again.")
    reinspected_on: date | None = Field(description="When somebody looked again and it passed.")
    reinspected_by: str | None
    handed_in_at: datetime | None = Field(description="When what was overdue was handed in.")
    rectification: str | None
    submitted_by: str | None
    return_reason: str | None
    verified_by: str | None
    verification_note: str | None
    exception_by: str | None
    exception_reason: str | None
    closed_by: str | None
    closed_at: datetime | None
    cancel_reason: str | None
    merged_into: UUID | None = Field(description="The item that goes on in its place.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class SupervisionItemPage(Page[SupervisionItemRead]):
    """Items, the newest first."""


class SupervisionItemStepRead(ApiModel):
    """One thing that was done to an item."""

    version: int = Field(description="The item's version after it.", examples=[2])
    action: str = Field(examples=["acknowledge"])
    status: str = Field(examples=["acknowledged"])
    actor: Actor
    unit: str | None
    note: str | None
    created_at: datetime
    updated_at: datetime = changed_only_at("created_at")


class SupervisionItemStepPage(Page[SupervisionItemStepRead]):
    """What was done to an item, in order."""


class UnitItemCount(ApiModel):
    unit_code: str = Field(examples=["gangqu-admin"])
    open: int = Field(examples=[2])
    overdue: int = Field(examples=[1])


class SupervisionItemSummary(ApiModel):
    """Counts for the board, over the items the caller may see."""

    open: int = Field(examples=[5])
    overdue: int = Field(examples=[1])
    closed: int = Field(examples=[7])
    cancelled: int = Field(examples=[0])
    by_status: dict[str, int] = Field(examples=[{"issued": 2, "submitted": 3, "closed": 7}])
    by_unit: list[UnitItemCount] = Field(description="Units with an open item.")
