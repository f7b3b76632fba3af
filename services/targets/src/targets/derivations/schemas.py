"""Derivations as the API gives them."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Period, Quantity


class DerivationInput(ApiModel):
    """What an indicator of the formula came to at the end of the period."""

    indicator_code: Code = Field(examples=["high-tech-value-added"])
    value: Quantity | None = Field(description="Null where it has no number of that time.")


class DerivationRead(ApiModel):
    """What the formula came to at the end of a period, and from which numbers. Where it came to
    nothing `value` is null and never zero; `code` and the reasons say why."""

    indicator_code: Code = Field(examples=["rd-intensity"])
    period: Period
    ends_on: date = Field(examples=["2026-06-30"])
    value: Quantity | None
    inputs: list[DerivationInput]
    code: Literal["missing_input", "division_by_zero", "number_out_of_range"] | None = Field(
        examples=["missing_input"]
    )
    reason_zh: str | None = Field(examples=["2026-06 无法计算：缺少“销售收入”的数值"])
    reason_en: str | None = Field(
        examples=["2026-06 cannot be worked out: there is no number of Sales revenue"]
    )
    updated_at: datetime


class DerivationPage(Page[DerivationRead]):
    """One page of derivations."""
