"""The execution board in answers. Amounts are yuan."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Period, Quantity

from funding.journal.schemas import Total

Method = Literal["share_of_earlier_years", "linear", "none"]


class ExecutionRow(ApiModel):
    """A fund at the end of a month of its fiscal year, from the year's beginning on.

    Each figure counts all that got so far: `committed` includes what was disbursed, `refunded` is
    not taken out of `disbursed`. `execution_rate` = (disbursed - refunded) / approved.
    `forecast` is the same sum at the end of the year as it could be foreseen then.
    """

    id: str = Field(examples=["transfer-fund/2026-09"])
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    month: Period = Field(examples=["2026-09"])
    approved: Total
    appropriated: Total
    committed: Total
    disbursed: Total
    disbursed_in_month: Total
    refunded: Total
    carried_over: Total
    lapsed: Total
    execution_rate: Quantity | None = Field(description="A share: 0.64 is 64 %.", examples=["0.64"])
    forecast: Total | None
    forecast_rate: Quantity | None
    forecast_method: Method = Field(examples=["share_of_earlier_years"])
    forecast_zh: str = Field(
        examples=["至 9 月末净支出 640000.00 元，按月均推算全年为 853333.33 元"]
    )
    forecast_en: str = Field(
        examples=["640000.00 yuan net by the end of month 9; at as much a month …"]
    )
    updated_at: datetime


class ExecutionPage(Page[ExecutionRow]):
    pass
