"""Verifications as the API takes and gives them."""

from uuid import UUID

from pydantic import Field
from servicekit.types import ApiModel, LongText, Quantity
from targets.reports.schemas import ProgressReportRead


class ProgressReportVerify(ApiModel):
    """Nothing confirms the number as it is. An adjusted number needs its reason."""

    value: Quantity | None = None
    numerator: Quantity | None = None
    denominator: Quantity | None = None
    reason: LongText | None = Field(default=None, examples=["两份合同属上一季度，已剔除"])


class ProgressReportVerification(ProgressReportVerify):
    """One of several reports to be verified, at the version the verifier has seen."""

    report_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000003"])
    version: int = Field(ge=1, examples=[2])


class ProgressReportVerifications(ApiModel):
    items: list[ProgressReportVerification] = Field(min_length=1, max_length=200)


class VerificationRefusal(ApiModel):
    code: str = Field(examples=["stale_version"])
    detail: str = Field(examples=["The record has changed since you read it; read it again"])


class VerificationOutcome(ApiModel):
    """The verified report, or why it was not verified."""

    report_id: UUID
    report: ProgressReportRead | None
    refusal: VerificationRefusal | None


class ProgressReportVerificationsRead(ApiModel):
    """What came of each, in the order of the items."""

    items: list[VerificationOutcome]
    dry_run: bool = Field(description="Nothing of this was stored.", examples=[False])
