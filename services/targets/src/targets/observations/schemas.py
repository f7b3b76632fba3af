"""Observations as the API gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Period, Quantity


class ObservationRead(ApiModel):
    """A number that was taken. `expected` is the trajectory's value at the end of the period."""

    id: UUID
    indicator_code: Code = Field(examples=["high-tech-value-added"])
    unit_code: Code | None = Field(description="Null where the number is the whole city's.")
    period: Period
    value: Quantity
    unit: str = Field(examples=["亿元"])
    numerator: Quantity | None
    denominator: Quantity | None
    year_to_date: bool = Field(description="It holds the earlier periods of its year already.")
    expected: Quantity | None
    valid: bool = Field(description="It is the latest for its unit and period.")
    source_kind: Literal["reported", "parks", "funding", "ruling", "derived"] = Field(
        examples=["parks"]
    )
    source_id: str = Field(
        description="The report, the event or the ruling it came from.",
        examples=["0197a3d4-7c1e-7000-8000-000000000003"],
    )
    source_value: Quantity
    source_unit: str = Field(examples=["万元"])
    after_close: bool = Field(description="It came after its period had been closed.")
    recorded_at: datetime
    updated_at: datetime = Field(description="When it was recorded or, later, superseded.")


class ObservationPage(Page[ObservationRead]):
    """One page of observations."""
