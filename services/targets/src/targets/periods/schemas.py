"""Reporting periods as the API takes and gives them."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Day, LongText, Period

PeriodKind = Literal["year", "quarter", "month", "half_month"]
PeriodState = Literal["open", "closed"]


class ReportingPeriodPut(ApiModel):
    due_on: Day | None = Field(
        default=None,
        description="Last day for its reports; ten days after its end if not given.",
        examples=["2026-08-10"],
    )


class ReportingPeriodReopen(ApiModel):
    reason: LongText = Field(examples=["统计局更正 7 月数据"])


class ReportingPeriodRead(ApiModel):
    period: Period
    kind: PeriodKind = Field(examples=["month"])
    starts_on: date = Field(examples=["2026-07-01"])
    ends_on: date = Field(examples=["2026-07-31"])
    due_on: date = Field(examples=["2026-08-10"])
    state: PeriodState = Field(examples=["open"])
    closed_at: datetime | None
    closed_by: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ReportingPeriodPage(Page[ReportingPeriodRead]):
    """One page of reporting periods."""
