"""Rates in requests and answers."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Money, Quantity, Year

SupportKind = Literal["innovation_award", "patent_subsidy", "interest_subsidy", "platform_grant"]
Share = Annotated[Quantity, Field(gt=0, le=100, decimal_places=6, examples=["50"])]
Yuan = Annotated[Money, Field(gt=0, examples=["20000.00"])]


class SupportRatePut(ApiModel):
    """What a grade of a kind pays in a year, and the line it is paid from. Patents and innovation
    awards pay an `amount`; interest subsidies and platform grants a `share`, percent, up to a
    `cap`. Grades of patents are `invention`, `utility_model` and `design`, that of interest
    subsidies is `loan`; those of the others are the table's own."""

    kind: SupportKind = Field(examples=["patent_subsidy"])
    grade: Code = Field(examples=["invention"])
    fiscal_year: Year = Field(examples=[2026])
    fund_code: Code = Field(examples=["ip-fund"])
    line: Code = Field(examples=["patents"])
    amount: Yuan | None = None
    share: Share | None = None
    cap: Yuan | None = None


class SupportRateRead(SupportRatePut):
    code: Code = Field(examples=["patent-invention-2026"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class SupportRatePage(Page[SupportRateRead]):
    pass
