"""Reporting periods as the API takes and gives them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Day, LongText, Period

PeriodKind = Literal["year", "quarter", "month", "half_month"]
PeriodState = Literal["open", "closed"]


class ReportingPeriodPut(ApiModel):
    """When its reports are due: on a day, or so many workdays after the period's end. With neither
    it is what is usual for its kind: 3, 7, 10 or 20 workdays. With both they must agree."""

    due_on: Day | None = Field(
        default=None, description="The last day for its reports.", examples=["2026-08-10"]
    )
    due_workdays: int | None = Field(
        default=None, ge=0, le=120, description="Counted over the city's workdays."
    )


class ReportingPeriodReopen(ApiModel):
    reason: LongText = Field(examples=["统计局更正 7 月数据"])


class ReportingPeriodRead(ApiModel):
    period: Period
    kind: PeriodKind = Field(examples=["month"])
    starts_on: date = Field(examples=["2026-07-01"])
    ends_on: date = Field(examples=["2026-07-31"])
    due_on: date = Field(examples=["2026-08-11"])
    due_workdays: int | None = Field(
        description="Workdays after the end; null where the office set the day.", examples=[7]
    )
    due_provisional: bool = Field(
        description="Counted over holidays that are not announced yet; the day may move."
    )
    state: PeriodState = Field(examples=["open"])
    closed_at: datetime | None
    closed_by: str | None
    first_closed_at: datetime | None = Field(
        description="What changed later is in the restatement log."
    )
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ReportingPeriodPage(Page[ReportingPeriodRead]):
    """One page of reporting periods."""


class PeriodExceptionCreate(ApiModel):
    unit_code: Code = Field(examples=["st-bureau"])
    expires_on: Day = Field(
        description="The last day on which the unit may report.", examples=["2100-01-31"]
    )
    reason: LongText = Field(examples=["统计系统故障，延期补报"])


class PeriodExceptionRead(ApiModel):
    id: UUID
    period: Period
    unit_code: Code = Field(examples=["st-bureau"])
    expires_on: date = Field(examples=["2026-08-31"])
    reason: str = Field(examples=["统计系统故障，延期补报"])
    granted_by: Actor
    ended_at: datetime | None = Field(description="It was ended before it expired.")
    ended_by: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PeriodExceptionPage(Page[PeriodExceptionRead]):
    """One page of exceptions."""
