"""Numbers for dashboards: a row per indicator, a point per period, a row per unit below."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, TypeAdapter, WithJsonSchema, with_config
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Period, Quantity
from targets.directory.schemas import UnitKind
from targets.indicators.schemas import Kind
from typing_extensions import TypedDict  # as pydantic needs it before Python 3.12

WrittenQuantity = Annotated[str, WithJsonSchema(TypeAdapter(Quantity).json_schema())]
WrittenPeriod = Annotated[str, WithJsonSchema(TypeAdapter(Period).json_schema())]
"""What the database has written already: a board has 1,440 points, and to read and write each
again would be most of its cost. They are plain dictionaries for the same reason."""


class Figure(ApiModel):
    """What the numbers of a unit and of all below it come to. Missing is null and never zero."""

    period: Period | None = Field(description="The latest with a number.", examples=["2026-06"])
    actual: Quantity | None
    units: int = Field(description="How many units have a number in it.", examples=[42])
    reporting: int = Field(description="How many of them told one of this period.", examples=[40])


class Compared(Figure):
    """`year_ago` is the actual of the same time a year earlier, `growth` what the actual is above
    it, as a share: 0.1 is ten percent. Null where there is nothing, or zero, to compare with."""

    year_ago: Quantity | None
    growth: Quantity | None


@with_config(ApiModel.model_config)
class BoardPoint(TypedDict):
    """An earlier figure."""

    period: WrittenPeriod
    actual: WrittenQuantity
    reporting: Annotated[int, Field(examples=[40])]


class IndicatorBoardRow(Compared):
    """An indicator of a unit, or of the whole city, with its points oldest first."""

    indicator_code: Code = Field(examples=["high-tech-value-added"])
    name_zh: str = Field(examples=["高新技术产业增加值"])
    name_en: str = Field(examples=["High-tech value added"])
    headline: bool
    kind: Kind = Field(examples=["amount"])
    unit: str = Field(examples=["亿元"])
    lead_unit: Code = Field(examples=["st-bureau"])
    working_group: Code | None
    baseline_growth: Quantity | None = Field(description="As `growth`, above the baseline.")
    target: Quantity | None = Field(description="The year's milestone, or the unit's part of it.")
    completion: Quantity | None = Field(description="The actual over the target.")
    points: list[BoardPoint]
    updated_at: datetime


class IndicatorBoardPage(Page[IndicatorBoardRow]):
    """One page of the indicator board."""


class SeriesPoint(Compared):
    """A period in which a number was told; periods without one are not there."""

    ends_on: date = Field(examples=["2026-06-30"])
    expected: Quantity | None = Field(description="The trajectory's value, of the city only.")
    updated_at: datetime


class SeriesPage(Page[SeriesPoint]):
    """One page of a series."""


class BreakdownRow(Figure):
    """A unit directly below, with what it and all below it come to."""

    unit_code: Code = Field(examples=["gangqu-admin"])
    name_zh: str = Field(examples=["港区管委会"])
    name_en: str = Field(examples=["Gangqu administration"])
    kind: UnitKind = Field(examples=["park_administration"])
    below: int = Field(description="How many units stand directly below it.", examples=[12])
    target: Quantity | None = Field(description="Its part of the year's target.")
    completion: Quantity | None
    updated_at: datetime


class BreakdownWhole(Figure):
    """The unit that is broken down. Its rows and `own`, what it told itself, make up the actual."""

    unit_code: Code | None = Field(description="Null: the whole city.")
    unit: str = Field(examples=["亿元"])
    own: Quantity | None


class BreakdownPage(Page[BreakdownRow]):
    """One page of the units below, and what they are parts of."""

    whole: BreakdownWhole
