"""The status board as the API gives it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Period, Quantity
from targets.forecasts.schemas import ForecastRead

RagStatus = Literal["green", "amber", "red", "unknown"]


class OpenItem(ApiModel):
    """A supervision item that is open on an indicator."""

    item_id: UUID
    number: str = Field(examples=["2026-0001"])
    title: str = Field(examples=["指标“六园区销售收入”落后于进度"])
    responsible_unit: Code = Field(examples=["gangqu-admin"])
    due_on: date


class StatusBoardRow(ApiModel):
    """An indicator against its trajectory; the reason is also there in words."""

    indicator_code: Code = Field(examples=["high-tech-value-added"])
    name_zh: str = Field(examples=["高新技术产业增加值"])
    name_en: str = Field(examples=["High-tech value added"])
    headline: bool
    unit: str = Field(examples=["亿元"])
    lead_unit: Code = Field(examples=["st-bureau"])
    working_group: Code | None
    period: Period | None = Field(description="The latest with a number.")
    actual: Quantity | None
    expected: Quantity | None
    status: RagStatus = Field(examples=["amber"])
    reason_zh: str = Field(examples=["截至 2026 年 6 月实际 36.1 亿元，应达 38.5 亿元"])
    reason_en: str = Field(
        examples=["actual 36.1, expected 38.5 by June 2026 (in 100 million yuan)"]
    )
    provisional_until: date | None = Field(
        description="Numbers of the period come in until this day; a fall is judged after it.",
        examples=["2026-07-10"],
    )
    measured_at: datetime | None
    changed_at: datetime | None
    open_items: list[OpenItem]
    forecast: ForecastRead | None = Field(
        default=None, description="Of the year; null until one was made, and for a day gone by."
    )
    updated_at: datetime


class StatusBoardSummary(ApiModel):
    """Counts over all the indicators the caller may see."""

    green: int = 0
    amber: int = 0
    red: int = 0
    unknown: int = 0
    open_items: int = 0


class StatusBoardPage(Page[StatusBoardRow]):
    """One page of the status board, and the counts over the whole board."""

    summary: StatusBoardSummary
