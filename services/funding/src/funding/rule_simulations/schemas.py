"""What-if questions and their answers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.types import ApiModel, Code, Money, Quantity, Year

from funding.funding_rules.schemas import InputName, RuleResultRead

MOST = 1000
"""Changes of one kind in one question."""
NotNegative = Annotated[Money, Field(ge=0, examples=["112000000.00"])]


class FigureChange(ApiModel):
    """An input of the rules as though it came to this, yuan; whatever it is made of."""

    input: InputName = Field(examples=["budget_expenditure"])
    value: NotNegative


class LineChange(ApiModel):
    """So much more (or less) approved and appropriated on a budget line of the year, yuan."""

    budget_id: UUID
    amount: Money = Field(examples=["1000000.00"])


class ReportChange(ApiModel):
    """A counterpart report of the year as though it were verified, or withdrawn."""

    report_id: UUID
    verified: bool = Field(examples=[False])


class ThresholdChange(ApiModel):
    rule_code: Code = Field(examples=["three-st-share"])
    value: Quantity


class RuleSimulationRequest(ApiModel):
    """What to change of a year's inputs; all of it together, the figures last."""

    fiscal_year: Year = Field(examples=[2026])
    rules: list[Code] = Field(
        default_factory=list[str],
        max_length=100,
        description="The rules to look at; empty for all that hold for the year.",
        examples=[["three-st-share"]],
    )
    figures: list[FigureChange] = Field(default_factory=list[FigureChange], max_length=MOST)
    lines: list[LineChange] = Field(default_factory=list[LineChange], max_length=MOST)
    reports: list[ReportChange] = Field(default_factory=list[ReportChange], max_length=MOST)
    thresholds: list[ThresholdChange] = Field(
        default_factory=list[ThresholdChange], max_length=MOST
    )


class RuleSimulated(ApiModel):
    """A rule as it is, and as it would be."""

    rule_code: Code = Field(examples=["three-st-share"])
    name_zh: str = Field(examples=["科技三项费占财政预算支出比例"])
    name_en: str = Field(examples=["Share of the three S&T items in budget expenditure"])
    present: RuleResultRead
    simulated: RuleResultRead
    state_changes: bool = Field(examples=[True])


class RuleSimulationRead(ApiModel):
    fiscal_year: int = Field(examples=[2026])
    rules: list[RuleSimulated]
