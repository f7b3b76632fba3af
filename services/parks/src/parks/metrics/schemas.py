"""Totals as the API gives them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Quantity

MetricName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"),
    Field(examples=["sales_revenue.six_parks"]),
]


class ParkMetricRead(ApiModel):
    """A metric at the end of a month; flows and ratios are year to date."""

    series: str = Field(examples=["own_ip_share.city:2026-07"])
    metric: MetricName
    period: str = Field(examples=["2026-07"])
    value: Quantity | None = Field(
        description="None while a ratio's denominator is zero.", examples=["36.1"]
    )
    unit: str = Field(examples=["%"])
    numerator: Quantity = Field(
        description="What a ratio is made of; for a sum its value.", examples=["361"]
    )
    denominator: Quantity | None = Field(description="None for a sum.", examples=["1000"])
    version: int = Field(examples=[1])
    updated_at: datetime


class ParkMetricPage(Page[ParkMetricRead]):
    """One page of metrics."""
