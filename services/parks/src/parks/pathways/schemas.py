"""Criteria and pathways as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import (
    AS_QUANTITY,
    QUANTITY_SCHEMA,
    ApiModel,
    Code,
    Day,
    Quantity,
    Text,
    exact_quantity,
)

from parks.parks.schemas import ParkGradeName, ParkKind
from parks.platforms.schemas import PlatformKind

GradeMeasure = Literal[
    "sales_revenue",
    "enterprises",
    "high_tech_enterprises",
    "above_scale_enterprises",
    "platforms",
]
Threshold = Annotated[
    Decimal, exact_quantity(Decimal(10) ** 12), AS_QUANTITY, QUANTITY_SCHEMA, Field(gt=0)
]


class GradeCriterionPut(ApiModel):
    """One thing that parks of a kind need for a grade, and how much of it at least."""

    park_kind: ParkKind = Field(examples=["private_st_park"])
    grade: ParkGradeName = Field(examples=["provincial"])
    measure: GradeMeasure = Field(
        description="What is counted in the park: sales of the last twelve months, enterprises, "
        "or platforms of one kind.",
        examples=["platforms"],
    )
    platform_kind: PlatformKind | None = Field(default=None, examples=["key_laboratory"])
    platform_level: ParkGradeName | None = Field(
        default=None, description="Of this level or above.", examples=["provincial"]
    )
    threshold: Threshold = Field(examples=["1"])
    unit: Literal["万元", "个", "家"] = Field(examples=["个"])
    name_zh: Text = Field(description="What is said to be missing.", examples=["省级重点实验室"])
    name_en: Text = Field(examples=["provincial laboratory"])
    document_no: Text | None = Field(
        default=None, description="The document that asks for it.", examples=["豫科〔2025〕21号"]
    )
    active: bool = True


class GradeCriterionRead(GradeCriterionPut):
    code: Code = Field(examples=["provincial-laboratories"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class GradeCriterionPage(Page[GradeCriterionRead]):
    """One page of criteria."""


class PathwayStep(ApiModel):
    """One criterion with what there is of it, in `unit`."""

    code: Code = Field(examples=["provincial-laboratories"])
    name_zh: Text = Field(examples=["省级重点实验室"])
    name_en: Text = Field(examples=["provincial laboratory"])
    unit: str = Field(examples=["个"])
    required: Quantity = Field(examples=["1"])
    actual: Quantity = Field(examples=["0"])
    gap: Quantity = Field(description="What is missing.", examples=["1"])
    is_met: bool = Field(examples=[False])


class PathwayRead(ApiModel):
    """What a park needs for a grade."""

    park_code: Code = Field(examples=["gangqu"])
    current_grade: ParkGradeName | None = Field(examples=["municipal"])
    grade: ParkGradeName = Field(examples=["provincial"])
    as_of: Day = Field(examples=["2026-07-31"])
    steps: list[PathwayStep]
    is_ready: bool = Field(description="There are criteria and all are met.", examples=[False])
    gap_zh: str = Field(examples=["还需1个省级重点实验室、2.1亿元销售收入"])
    gap_en: str = Field(examples=["needs 1 provincial laboratory and 2.1亿元 sales"])
