"""Forecasts as the API gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field
from servicekit.types import ApiModel, Period, Quantity, Year
from targets.forecasts.domain import CONFIDENCE

Outlook = Literal["on_course", "uncertain", "off_course"]


class ForecastRead(ApiModel):
    """The year's number as it is to be expected, or why nothing is said."""

    year: Year = Field(examples=[2026])
    as_of: Period = Field(description="The last period in it.")
    points: int = Field(description="How many periods it is made of.", examples=[18])
    value: Quantity | None = Field(description="As likely exceeded as missed.")
    low: Quantity | None
    high: Quantity | None
    confidence: Quantity = Field(
        default=Decimal(CONFIDENCE),
        description="How often the year's number is to lie between low and high.",
        examples=["0.8"],
    )
    method: Literal["structural", "actual"] | None = Field(
        description="`actual`: the year is over.", examples=["structural"]
    )
    outlook: Outlook | None = Field(
        description="Whether the year's target will be met; `uncertain` where the range has both.",
        examples=["uncertain"],
    )
    code: Literal["insufficient_data", "missing_period", "not_applicable"] | None = Field(
        description="Why there is no forecast.", examples=[None]
    )
    reason_zh: str | None = Field(examples=[None])
    reason_en: str | None = Field(examples=[None])
    computed_at: datetime
