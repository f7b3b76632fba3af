"""Fiscal years in requests and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Money, Year


class FiscalYearPut(ApiModel):
    """Cumulative execution of the year so far, yuan."""

    budget_expenditure: Annotated[Money, Field(ge=0, examples=["5000000000.00"])]
    three_st_expenses: Annotated[Money, Field(ge=0, examples=["110000000.00"])]
    science_operating_expenses: Annotated[Money, Field(ge=0, examples=["95000000.00"])]


class FiscalYearRead(FiscalYearPut):
    year: Year = Field(examples=[2026])
    closed_at: datetime | None = Field(description="Nothing is booked in it any more since then.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class FiscalYearPage(Page[FiscalYearRead]):
    pass
