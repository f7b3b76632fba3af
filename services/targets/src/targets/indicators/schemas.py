"""Indicators as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Quantity, Text, Year
from targets.programmes.schemas import PlanBody

Kind = Literal["amount", "ratio", "count", "grade", "built", "recurring", "annual_floor"]
Frequency = Literal["half_month", "month", "quarter", "year"]
Aggregation = Literal["sum", "latest", "max", "min", "average", "ratio_of_sums"]
SourceKind = Literal["reported", "parks", "funding", "derived"]
MeasureUnit = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00]*$"),
    Field(examples=["亿元", "%", "家"]),
]
Metric = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=r"^[a-z0-9_.-]+$"),
    Field(examples=["high_tech_value_added.city"]),
]
Share = Annotated[Quantity, Field(ge=0, le=1)]


class YearValue(ApiModel):
    """A value at the end of a year, in the indicator's unit."""

    year: Year = Field(examples=[2026])
    value: Quantity


class IndicatorDefinition(PlanBody):
    programme: Code = Field(examples=["innovation-programme"])
    definition_zh: LongText = Field(examples=["高新技术产业全年增加值"])
    definition_en: LongText = Field(examples=["Value added of the high-tech industries in a year"])
    headline: bool = False
    kind: Kind = Field(examples=["amount"])
    unit: MeasureUnit
    comparator: Literal["at_least", "at_most", "reach", "about"] = Field(examples=["reach"])
    tolerance: Quantity | None = Field(default=None, description="Either side, for `about`.")
    amber_share: Share = Field(
        default=Decimal("0.9"),
        description="Below the expected value, down to this share of it, the status is amber.",
        examples=["0.9"],
    )
    direction: Literal["increase", "decrease"] = "increase"
    frequency: Frequency = Field(examples=["month"])
    time_aggregation: Aggregation = Field(
        description="`sum`: values of the year add up from nothing; else levels.", examples=["sum"]
    )
    unit_aggregation: Aggregation = Field(examples=["sum"])
    phasing: Literal["linear", "stepwise"] = "linear"
    baseline: YearValue | None = Field(default=None, examples=[{"year": 2025, "value": "27"}])
    milestones: list[YearValue] = Field(min_length=1, max_length=50)
    grade_ladder: list[Code] = Field(default=[], max_length=10, examples=[[]])
    source_kind: SourceKind = Field(default="reported", examples=["parks"])
    source_metric: Metric | None = Field(default=None, examples=["high_tech_value_added.city"])
    lead_unit: Code = Field(examples=["st-bureau"])
    supporting_units: list[Code] = Field(default=[], max_length=100)
    working_group: Code | None = Field(default=None, examples=["group-4"])
    open_conflict: Code | None = None


class IndicatorPut(IndicatorDefinition):
    document_no: Text | None = Field(
        default=None,
        description="The document that revises the targets.",
        examples=["科发〔2027〕3号"],
    )
    reason: LongText | None = Field(default=None, description="Why the targets are revised.")


class IndicatorRead(IndicatorDefinition):
    code: Code = Field(examples=["high-tech-value-added"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class IndicatorPage(Page[IndicatorRead]):
    """One page of indicators."""


class TargetRevisionRead(ApiModel):
    """A target that was changed; null where there was or is none."""

    id: UUID
    indicator_code: Code = Field(examples=["high-tech-value-added"])
    year: Year = Field(examples=[2027])
    old_value: Quantity | None
    new_value: Quantity | None
    document_no: str | None
    reason: str | None
    revised_by: Actor
    revised_at: datetime


class TargetRevisionPage(Page[TargetRevisionRead]):
    """One page of target revisions."""
