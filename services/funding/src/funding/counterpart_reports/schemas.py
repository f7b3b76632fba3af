"""Counterpart reports in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Money, Period, Text, Year

from funding.counterpart_reports.domain import CounterpartState


class CounterpartReportCreate(ApiModel):
    """S&T money the unit spent of its own; one report a unit, period and award. What it says of an
    award is not in its report without one: the two are added up."""

    unit_code: Code = Field(examples=["maizier-sugar"])
    fiscal_year: Year = Field(examples=[2026])
    period: Period | None = Field(
        default=None, description="Part of the year it covers; the whole year if absent."
    )
    award_id: UUID | None = Field(
        default=None,
        description="The award of the unit whose project it was spent on; null for all else.",
    )
    corrects: UUID | None = Field(
        default=None,
        description="The returned report it stands in for, of the same unit, period and award.",
    )
    amount: Annotated[Money, Field(gt=0, examples=["12000000.00"])]
    note: LongText | None = Field(default=None, examples=["研发设备购置"])


class CounterpartReportReturn(ApiModel):
    reason: Text = Field(examples=["缺少支出凭证"])


class CounterpartReportRead(ApiModel):
    """Only verified reports count as enterprise input of the leverage rule."""

    id: UUID
    unit_code: str = Field(examples=["maizier-sugar"])
    fiscal_year: int = Field(examples=[2026])
    period: Period
    award_id: UUID | None
    fund_code: str | None = Field(description="Of the award.", examples=["transfer-fund"])
    corrects: UUID | None
    amount: Money
    note: str | None
    state: CounterpartState = Field(examples=["verified"])
    reported_by: Actor
    reviewed_by: str | None
    reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class CounterpartReportPage(Page[CounterpartReportRead]):
    pass
