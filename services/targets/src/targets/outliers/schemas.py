"""Reporting rules as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from servicekit.types import ApiModel, Code, Quantity
from targets.outliers.domain import MAX_HISTORY, MIN_HISTORY, THRESHOLD

Threshold = Annotated[Quantity, Field(gt=0, le=Decimal(1000))]


class ReportingRulePut(ApiModel):
    """When a reported number needs an explanation."""

    outlier_threshold: Threshold | None = Field(
        default=THRESHOLD,
        description="In robust standard deviations from the median; null switches the check off.",
        examples=["3.5"],
    )
    outlier_min_history: int = Field(
        default=MIN_HISTORY,
        ge=4,
        le=MAX_HISTORY,
        description="With fewer earlier numbers of the unit nothing is judged.",
    )


class ReportingRuleRead(ReportingRulePut):
    indicator_code: Code = Field(examples=["technology-trade-volume"])
    version: int = Field(description="0 until somebody sets a rule.", examples=[1])
    updated_at: datetime | None = None
