"""The leverage in answers. Amounts are yuan."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Quantity

from funding.journal.schemas import Total
from funding.leverage.domain import LeverageLevel


class LeverageRow(ApiModel):
    """What enterprises put beside the government's money.

    Of a `year`: as the leverage rule counts it. Of a `fund` in a year: what was appropriated
    (executed, for the items of the city's budget) and what was reported for its awards; without a
    fund, what was reported for none. Of an `award`: what was promised less what its acceptance
    released and what came back, and all reports of it. Only verified reports count; those that
    wait stand apart.
    """

    id: str = Field(examples=["fund/transfer-fund/2026"])
    level: LeverageLevel = Field(examples=["fund"])
    fiscal_year: int = Field(examples=[2026])
    fund_code: str | None = Field(examples=["transfer-fund"])
    award_id: UUID | None
    payee_unit: str | None = Field(examples=["maizier-sugar"])
    title: str | None = Field(examples=["甜菊糖提取成果转化"])
    government: Total
    enterprise: Total
    enterprise_unverified: Total
    reports: int = Field(description="Verified.", examples=[3])
    reports_unverified: int = Field(examples=[1])
    ratio: Quantity | None = Field(
        description="Enterprise ÷ government; null where that is nothing.", examples=["12.4"]
    )
    ratio_text: str | None = Field(examples=["1:12.4"])
    source: str = Field(
        description="The reports it is made of.",
        examples=["/api/v1/counterpart-reports?fund_code=transfer-fund&fiscal_year=2026"],
    )
    updated_at: datetime


class LeveragePage(Page[LeverageRow]):
    pass
