"""Figures as the API gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Quantity

BreakdownBy = Literal["park", "enterprise_class", "grade"]


class MetricFigure(ApiModel):
    """What a measure comes to; a share is the sum of the ones over the sum of the others."""

    value: Quantity | None = Field(
        description="None where nothing was told, or of a share of nothing.", examples=["3.96"]
    )
    numerator: Quantity = Field(
        description="What a share is made of; of a sum its value.", examples=["396"]
    )
    denominator: Quantity | None = Field(description="None of a sum.", examples=["10000"])


class MetricWhole(MetricFigure):
    """All that was asked for together."""

    measure: str = Field(examples=["rd_intensity"])
    period: str = Field(examples=["2026-Q3"])
    unit: str = Field(examples=["%"])
    returns: int = Field(description="Accepted returns in it.", examples=[126])


class MetricBreakdownRow(MetricFigure):
    """One part of it: of a park, a class or a grade."""

    key: str = Field(
        description="The park's code, the class or the grade; `none` outside of parks and of "
        "those without a grade.",
        examples=["gangqu"],
    )
    name_zh: str | None = Field(description="Of a park.", examples=["港区台商投资区"])
    name_en: str | None = Field(description="Of a park.", examples=["Gangqu park"])
    returns: int = Field(examples=[21])
    updated_at: datetime


class MetricBreakdownPage(Page[MetricBreakdownRow]):
    """One page of the parts, and the whole they make up."""

    whole: MetricWhole


class EnterpriseFigure(MetricFigure):
    """What a measure comes to in one enterprise."""

    enterprise_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000002"])
    uscc: str = Field(examples=["91410184MA44XQ1R01"])
    name: str = Field(examples=["麦滋尔糖业有限公司"])
    unit_code: str | None = Field(examples=["maizier-sugar"])
    park_code: str | None = Field(examples=["gangqu"])
    unit: str = Field(examples=["万元"])
    returns: int = Field(examples=[3])
    updated_at: datetime


class EnterpriseFigurePage(Page[EnterpriseFigure]):
    """One page of enterprises."""
