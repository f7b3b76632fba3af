"""Indicators as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText, Quantity, Text, Year
from targets.programmes.schemas import PlanBody

Kind = Literal["amount", "ratio", "count", "grade", "built", "recurring", "annual_floor"]
Frequency = Literal["half_month", "month", "quarter", "year"]
Aggregation = Literal[
    "sum", "latest", "max", "min", "average", "ratio_of_sums", "count", "any", "all"
]
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
FormulaText = Annotated[
    str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")
]
Share = Annotated[Quantity, Field(ge=0, le=1)]


class YearValue(ApiModel):
    """A value at the end of a year, in the indicator's unit."""

    year: Year = Field(examples=[2026])
    value: Quantity


def _only_one(value: Any) -> Any:
    """Raises `PydanticCustomError` for several baselines."""
    if isinstance(value, list):
        raise PydanticCustomError(
            "two_baselines", "An indicator has one baseline", {"zh": "一个指标只能有一个基期值"}
        )
    return value


Baseline = Annotated[YearValue, BeforeValidator(_only_one)]


class IndicatorDefinition(PlanBody):
    programme: Code = Field(examples=["innovation-programme"])
    definition_zh: LongText = Field(examples=["高新技术产业全年增加值"])
    definition_en: LongText = Field(examples=["Value added of the high-tech industries in a year"])
    headline: bool = False
    kind: Kind = Field(examples=["amount"])
    unit: MeasureUnit
    comparator: Literal["at_least", "at_most", "reach", "about"] = Field(examples=["reach"])
    tolerance: Quantity | None = Field(default=None, description="Either side, for `about`.")
    green_share: Share = Field(
        default=Decimal(1),
        description="Down to this share of the expected value the status is green.",
        examples=["1"],
    )
    amber_share: Share = Field(
        default=Decimal("0.9"),
        description="Below that, down to this share of the expected value, it is amber.",
        examples=["0.9"],
    )
    direction: Literal["increase", "decrease"] = "increase"
    frequency: Frequency = Field(examples=["month"])
    time_aggregation: Aggregation = Field(
        description="How a unit's numbers add up over time, within the year; `latest`, `max` and "
        "`any` carry over into the next. `any` and `all` are 1 where it is true, else 0.",
        examples=["sum"],
    )
    unit_aggregation: Aggregation = Field(
        description="How the units add up, each taken over time first. Numerators and "
        "denominators of a ratio are summed, percentages never averaged.",
        examples=["sum"],
    )
    phasing: Literal["linear", "stepwise", "custom"] = "linear"
    phasing_shares: list[Share] = Field(
        default=[],
        max_length=12,
        description="For `custom`: the share of the year's step reached by each month's end.",
        examples=[[]],
    )
    baseline: Baseline | None = Field(default=None, examples=[{"year": 2025, "value": "27"}])
    milestones: list[YearValue] = Field(min_length=1, max_length=50)
    grade_ladder: list[Code] = Field(default=[], max_length=10, examples=[[]])
    source_kind: SourceKind = Field(default="reported", examples=["parks"])
    source_metric: Metric | None = Field(default=None, examples=["high_tech_value_added.city"])
    formula: FormulaText | None = Field(
        default=None,
        description="Of a derived indicator: what it is worked out from, with codes of indicators, "
        "numbers, `+ - * /`, parentheses, `min` and `max`. A minus stands between blanks.",
        examples=[None],
    )
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
