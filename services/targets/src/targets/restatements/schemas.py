"""Restatements as the API gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Period, Quantity, changed_only_at


class RestatementRead(ApiModel):
    """A number that changed after its period had been closed."""

    id: UUID
    period: Period
    indicator_code: Code = Field(examples=["high-tech-value-added"])
    unit_code: Code | None = Field(description="Null where the number is the whole city's.")
    observation_id: UUID = Field(description="The number that counts now.")
    old_value: Quantity | None = Field(description="Null where there had been no number.")
    old_numerator: Quantity | None
    old_denominator: Quantity | None
    new_value: Quantity
    new_numerator: Quantity | None
    new_denominator: Quantity | None
    unit: str = Field(examples=["亿元"])
    cause: Literal["exception", "reopened", "feed", "ruling", "derived"] = Field(
        examples=["reopened"]
    )
    reason: str = Field(examples=["统计局更正 7 月数据"])
    actor: Actor
    recorded_at: datetime
    updated_at: datetime = changed_only_at("recorded_at")


class RestatementPage(Page[RestatementRead]):
    """One page of restatements."""
