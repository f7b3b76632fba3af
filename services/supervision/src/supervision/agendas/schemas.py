"""Bodies of agendas and of drafts of work reports."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from servicekit.types import ApiModel, Money, Quantity

from supervision.items.domain import ItemStatus
from supervision.unit_facts.domain import FactKind


class AgendaItem(ApiModel):
    """An open supervision item of one of the units called, or of a unit below them."""

    id: UUID
    number: str = Field(examples=["2026-0001"])
    title: str = Field(examples=["请补报七月报表"])
    responsible_unit: str = Field(examples=["gangqu-admin"])
    status: ItemStatus
    due_on: date = Field(examples=["2026-08-14"])
    overdue: bool


class UnitFactRead(ApiModel):
    """A number or a deed, as the service that owns it told it."""

    kind: FactKind
    key: str = Field(examples=["high-tech-value-added"])
    name: str | None = Field(examples=["高新技术产业增加值"])
    period: str | None = Field(examples=["2026-07"])
    value: Quantity | None
    target: Quantity | None
    measure: str | None = Field(description="Unit of the value.", examples=["亿元"])
    status: str | None = Field(examples=["red"])
    note: str | None
    happened_at: datetime


class AgendaMoney(ApiModel):
    """Money of the units since the meeting before, in yuan."""

    awarded: Money
    paid: Money
    held: Money = Field(description="Waiting for an item to be closed, whenever it was held.")
    held_count: int = Field(examples=[1])


class MeetingAgenda(ApiModel):
    """What a meeting has before it; as it was, once the meeting was held."""

    meeting_id: UUID
    frozen: bool = Field(description="The meeting was held: this is what it had before it.")
    as_of: datetime
    since: date = Field(description="The day of the meeting before.", examples=["2026-06-30"])
    topics: list[str] = Field(examples=[["研究落后指标"]])
    reports_expected: int = Field(examples=[6])
    reports_missing: list[str] = Field(examples=[["group-4"]])
    items: list[AgendaItem] = Field(description="Open items, the most urgent first.")
    items_overdue: int = Field(examples=[1])
    red_indicators: list[UnitFactRead]
    money: AgendaMoney


class WorkReportDraft(ApiModel):
    """What the systems know for a report; what only people know is empty."""

    meeting_id: UUID
    unit_code: str = Field(examples=["group-4"])
    since: date = Field(examples=["2026-06-30"])
    progress: str = Field(examples=["1. 六园区销售收入（2026-06）完成 98 亿元，绿灯"])
    results: str = Field(examples=["1. 到位资金 300000 元"])
    good_practice: str = Field(description="Empty: the unit knows.", examples=[""])
    problems: str = Field(examples=["1. 督办事项 2026-0001 请补报七月报表"])
    proposals: str = Field(description="Empty: the unit knows.", examples=[""])
    facts: list[UnitFactRead] = Field(description="The numbers the texts are made of.")
