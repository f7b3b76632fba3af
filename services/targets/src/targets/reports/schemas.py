"""Progress reports as the API takes and gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Period, Quantity

ReportState = Literal["draft", "submitted", "verified", "returned", "resubmitted"]


class ProgressReportUpdate(ApiModel):
    """Merge patch: absent keeps, null clears."""

    value: Quantity | None = Field(
        default=None, description="Of this period alone, in the indicator's unit."
    )
    numerator: Quantity | None = None
    denominator: Quantity | None = None
    explanation: LongText | None = Field(default=None, examples=["新签约三家高校"])
    evidence: LongText | None = Field(default=None, examples=["科发〔2026〕12号文及合同扫描件"])


class ProgressReportCreate(ProgressReportUpdate):
    """A value, or for a ratio its numerator and denominator."""

    indicator_code: Code = Field(examples=["technology-trade-volume"])
    unit_code: Code = Field(examples=["st-bureau"])
    period: Period


class ProgressReportReturn(ApiModel):
    reason: LongText = Field(examples=["缺少合同附件"])


class ProgressReportRead(ApiModel):
    id: UUID
    indicator_code: Code = Field(examples=["technology-trade-volume"])
    unit_code: Code = Field(examples=["st-bureau"])
    period: Period
    value: Quantity
    numerator: Quantity | None
    denominator: Quantity | None
    explanation: str | None
    evidence: str | None
    state: ReportState = Field(examples=["submitted"])
    late: bool = Field(description="It was submitted after the period's due date.")
    created_by: Actor
    submitted_by: str | None
    submitted_at: datetime | None
    verified_by: str | None
    verified_at: datetime | None
    return_reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ProgressReportPage(Page[ProgressReportRead]):
    """One page of progress reports."""
