"""Progress reports as the API takes and gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Period, Quantity, changed_only_at

ReportState = Literal["draft", "submitted", "verified", "returned", "resubmitted", "withdrawn"]


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


class ProgressReportSubmit(ApiModel):
    outlier_explanation: LongText | None = Field(
        default=None,
        description="Confirms a number that is far from what the unit reported before.",
        examples=["本季度三份大额合同集中签订"],
    )


class ProgressReportReturn(ApiModel):
    reason: LongText = Field(examples=["缺少合同附件"])


class ProgressReportWithdraw(ApiModel):
    reason: LongText = Field(examples=["误报，另行填报"])


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
    usual_low: Quantity | None = Field(
        description="Where the number was unusual: what had been usual for the unit, from here on."
    )
    usual_high: Quantity | None = Field(description="And up to here.")
    outlier_explanation: str | None
    state: ReportState = Field(examples=["submitted"])
    late: bool = Field(description="It was first submitted after the period's due date.")
    created_by: Actor
    reporters: list[Actor] = Field(description="Who made, changed or submitted it.")
    submitted_by: str | None
    submitted_at: datetime | None
    verified_by: str | None
    verified_at: datetime | None
    adjusted_value: Quantity | None = Field(
        description="The number that counts, where the verifier adjusted it."
    )
    adjusted_numerator: Quantity | None
    adjusted_denominator: Quantity | None
    adjustment_reason: str | None
    return_reason: str | None
    withdrawal_reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ProgressReportPage(Page[ProgressReportRead]):
    """One page of progress reports."""


class FieldChange(ApiModel):
    field: str = Field(examples=["value"])
    old: str | None = Field(examples=["36.1"])
    new: str | None = Field(examples=["36.4"])


class ReportActionRead(ApiModel):
    """What somebody did to a report."""

    id: UUID
    report_id: UUID
    action: str = Field(examples=["submit"])
    actor: Actor
    actor_unit: str | None = Field(examples=["st-bureau"])
    reason: str | None
    changes: list[FieldChange]
    version: int = Field(description="The report's version it led to.", examples=[2])
    acted_at: datetime
    updated_at: datetime = changed_only_at("acted_at")


class ReportActionPage(Page[ReportActionRead]):
    """One page of a report's history."""
