"""Funding rules in requests and answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, WithJsonSchema, field_validator
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Quantity, Text, Year, plain

from funding.funding_rules.domain import RuleState

FormulaName = Literal["three_st_share", "st_share", "leverage", "special_funds_floor"]
InputName = Literal[
    "budget_expenditure",
    "three_st_expenses",
    "science_operating_expenses",
    "special_funds_appropriated",
    "enterprise_st_input",
    "government_st_input",
]
Figure = Annotated[
    Decimal,
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,34}(\.\d{1,6})?$", "examples": ["2.2"]}),
]
"""A computed figure in the unit beside it; sums and ratios may be longer than an input."""


class RuleThreshold(ApiModel):
    year: Year = Field(examples=[2026])
    value: Quantity


class FundingRulePut(ApiModel):
    """A rule as the plan states it. `reach` and `at_least` both mean: not below the threshold."""

    programme: Code = Field(examples=["innovation-programme"])
    name_zh: Text = Field(examples=["科技三项费占财政预算支出比例"])
    name_en: Text = Field(examples=["Share of the three S&T items in budget expenditure"])
    formula: FormulaName = Field(examples=["three_st_share"])
    comparator: Literal["at_least", "reach"] = Field(examples=["at_least"])
    unit: Literal["%", "倍", "万元"] = Field(examples=["%"])
    thresholds: Annotated[list[RuleThreshold], Field(min_length=1, max_length=100)]
    inputs: Annotated[list[InputName], Field(min_length=1, max_length=6)]
    funds: Annotated[list[Code], Field(max_length=100)] = Field(
        description="The funds it looks at; empty for all.", examples=[["transfer-fund"]]
    )
    source_ref: Annotated[Text, Field(max_length=100, examples=["二(七)1"])] | None = None

    @field_validator("thresholds")
    @classmethod
    def one_a_year(cls, value: list[RuleThreshold]) -> list[RuleThreshold]:
        if len({each.year for each in value}) != len(value):
            raise ValueError("a year may have one threshold")
        return value


class RuleInputRead(ApiModel):
    """One input of the formula, yuan, and where it comes from."""

    name: InputName = Field(examples=["three_st_expenses"])
    name_zh: str = Field(examples=["科技三项费"])
    name_en: str = Field(examples=["three S&T expenditure items"])
    value: Figure | None
    source: str = Field(examples=["/api/v1/fiscal-years/2026"])


class RuleResultRead(ApiModel):
    """The rule in one fiscal year, as of now. `distance` = actual - threshold, in `unit`."""

    fiscal_year: int = Field(examples=[2026])
    state: RuleState = Field(examples=["satisfied"])
    satisfied: bool | None
    actual: Figure | None
    threshold: Figure | None
    distance: Figure | None
    unit: str = Field(examples=["%"])
    formula_zh: str = Field(examples=["科技三项费 ÷ 财政预算支出 × 100%"])
    formula_en: str = Field(examples=["three S&T expenditure items / budget expenditure × 100 %"])
    inputs: list[RuleInputRead]


class FundingRuleRead(FundingRulePut):
    code: Code = Field(examples=["three-st-share"])
    results: list[RuleResultRead]
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class FundingRulePage(Page[FundingRuleRead]):
    pass
