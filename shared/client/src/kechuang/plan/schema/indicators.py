"""Indicators: what is measured, from where to where, and who answers for it."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from kechuang.plan.schema.common import BaselineYear, Code, Entry, Strict, Text, Year

IndicatorKind = Literal["amount", "ratio", "count", "grade", "built", "recurring", "annual_floor"]
MeasureUnit = Literal["亿元", "万元", "元", "%", "倍", "个", "家", "项", "次", "级"]
Comparator = Literal["at_least", "at_most", "reach", "about"]
Aggregation = Literal["sum", "latest", "max", "min", "average", "ratio_of_sums"]
Quantity = Annotated[Decimal, Field(max_digits=20, decimal_places=4, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]
Grade = Literal["municipal", "provincial", "national"]


class Baseline(Strict):
    year: BaselineYear
    value: Quantity


class Feed(Strict):
    """The service and the metric that measure the indicator, or the formula it is worked out by
    from indicators that stand before it; without one it is reported."""

    kind: Literal["parks", "funding", "derived"]
    metric: Annotated[str | None, Field(pattern=r"^[a-z_]+(\.[a-z0-9_-]+)?$", max_length=80)] = None
    formula: Annotated[str | None, Field(min_length=1, max_length=1000)] = None


class Aggregations(Strict):
    time: Aggregation
    units: Aggregation


class Indicator(Entry):
    """One promise in numbers. Milestones are in `unit`; the last one is the final target.

    `phasing_shares` are those of the year's step at the twelve month ends, for custom phasing.
    """

    definition: Text
    headline: bool = False
    kind: IndicatorKind
    unit: MeasureUnit
    comparator: Comparator
    tolerance: Quantity | None = None
    green_share: Share | None = None
    amber_share: Share | None = None
    direction: Literal["increase", "decrease"] = "increase"
    frequency: Literal["half_month", "month", "quarter", "year"]
    aggregation: Aggregations
    phasing: Literal["linear", "stepwise", "custom"] = "linear"
    phasing_shares: tuple[Share, ...] = ()
    baseline: Baseline | None = None
    milestones: Annotated[dict[Year, Quantity], Field(min_length=1)]
    grade_ladder: tuple[Grade, ...] = ()
    fed_by: Feed | None = None
    lead_unit: Code
    supporting_units: tuple[Code, ...] = ()
    working_group: Code | None = None
    open_conflict: Code | None = None
