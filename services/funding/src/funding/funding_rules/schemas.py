"""Funding rules in requests and answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema, model_validator
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Quantity, Text, Year, plain

from funding.budgets.schemas import DocumentNo
from funding.funding_rules.domain import (
    CUSTOM,
    FORMULAS,
    Comparator,
    JudgedWhen,
    RuleState,
)

FormulaName = Literal["three_st_share", "st_share", "leverage", "special_funds_floor", "custom"]
Expression = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1000,
        pattern=r"^[^\x00]*$",
        examples=["three_st_expenses / budget_expenditure * 100"],
    ),
]
RuleUnit = Literal["%", "倍", "元", "万元", "亿元"]
InputName = Literal[
    "budget_expenditure",
    "three_st_expenses",
    "science_operating_expenses",
    "special_funds_approved",
    "special_funds_appropriated",
    "special_funds_disbursed",
    "enterprise_st_input",
    "government_st_input",
]
Figure = Annotated[
    Decimal,
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,34}(\.\d{1,6})?$", "examples": ["2.2"]}),
]
"""A computed figure in the unit beside it; sums and ratios may be longer than an input."""


Spare = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "pattern": r"^-?\d{1,38}\.\d{2}$", "examples": ["-1500000.00"]}
    ),
]


class RuleThreshold(ApiModel):
    year: Year = Field(examples=[2026])
    value: Quantity


def one_a_year(value: list[RuleThreshold]) -> list[RuleThreshold]:
    if len({each.year for each in value}) != len(value):
        raise ValueError("a year may have one threshold")
    return value


Thresholds = Annotated[
    list[RuleThreshold], Field(min_length=1, max_length=100), AfterValidator(one_a_year)
]
RuleFunds = Annotated[
    list[Code],
    Field(
        max_length=100,
        description="The funds it looks at; empty for all.",
        examples=[["transfer-fund"]],
    ),
]
OF_EXPRESSION = (
    "Inputs by their names, numbers, + - * /, parentheses, min and max; where the rule falls "
    "short, the first input is what is missing."
)
OF_JUDGED = (
    "`year_end` for a sum that grows over the year: it is not broken before that. Left out, as the "
    "plan's formula has it."
)


class RuleDefinition(ApiModel):
    """What is said of a rule, whoever says it."""

    programme: Code = Field(examples=["innovation-programme"])
    name_zh: Text = Field(examples=["科技三项费占财政预算支出比例"])
    name_en: Text = Field(examples=["Share of the three S&T items in budget expenditure"])
    formula: FormulaName = Field(examples=["three_st_share"])
    comparator: Comparator = Field(examples=["at_least"])
    unit: RuleUnit = Field(examples=["%"])
    thresholds: Thresholds
    inputs: Annotated[list[InputName], Field(min_length=1, max_length=8)] = Field(
        description="Those its formula names."
    )
    funds: RuleFunds
    source_ref: Annotated[Text, Field(max_length=100, examples=["二(七)1"])] | None = None
    document_no: DocumentNo | None = None


class FundingRulePut(RuleDefinition):
    """A rule as the plan states it: one of the plan's formulas by its name, or `custom` with the
    formula written out as `expression`. `reach` and `at_least` both mean: not below the threshold.
    """

    expression: Expression | None = Field(default=None, description=OF_EXPRESSION)
    judged: JudgedWhen | None = Field(default=None, description=OF_JUDGED)

    @model_validator(mode="after")
    def one_formula(self) -> Self:
        """Written out exactly where it is not one of the plan's, or as that is."""
        if self.formula == CUSTOM and self.expression is None:
            raise ValueError("a custom formula is written out as `expression`")
        if self.formula != CUSTOM and self.expression not in (
            None,
            FORMULAS[self.formula].expression,
        ):
            raise ValueError("`expression` goes with the formula `custom`")
        return self


class RuleInputRead(ApiModel):
    """One input of the formula, yuan, and where it comes from."""

    name: InputName = Field(examples=["three_st_expenses"])
    name_zh: str = Field(examples=["科技三项费"])
    name_en: str = Field(examples=["three S&T expenditure items"])
    value: Figure | None
    source: str = Field(examples=["/api/v1/fiscal-years/2026"])


class RuleResultRead(ApiModel):
    """The rule in one fiscal year. `distance` = actual - threshold, in `unit`; `spare` is the same
    in yuan of the formula's first input, which is `spare_of`: what is missing where it is negative,
    null where that input does not move the number in a straight line. `missing` names the inputs,
    or `threshold`, for want of which the state is unknown."""

    fiscal_year: int = Field(examples=[2026])
    revision: int = Field(description="The revision of the rule it is judged by.", examples=[1])
    state: RuleState = Field(examples=["satisfied"])
    satisfied: bool | None
    actual: Figure | None
    threshold: Figure | None
    distance: Figure | None
    spare: Spare | None
    spare_of: str = Field(examples=["three_st_expenses"])
    missing: list[str] = Field(examples=[[]])
    unit: str = Field(examples=["%"])
    comparator: Comparator = Field(examples=["at_least"])
    reason_zh: str = Field(
        examples=["2026 年“科技三项费占财政预算支出比例”实际 2.2 %，要求不低于 2 %"]
    )
    reason_en: str = Field(
        examples=["Share of the three S&T items in 2026: actual 2.2 %, required at least 2 %"]
    )
    formula_zh: str = Field(examples=["科技三项费 ÷ 财政预算支出 × 100%"])
    formula_en: str = Field(examples=["three S&T expenditure items / budget expenditure × 100 %"])
    inputs: list[RuleInputRead]


class FundingRuleRead(RuleDefinition):
    """`revision` is the newest one; from `ended_from` on the rule holds for no year."""

    code: Code = Field(examples=["three-st-share"])
    expression: Expression
    judged: JudgedWhen = Field(examples=["at_once"])
    revision: int = Field(examples=[1])
    ended_from: int | None
    results: list[RuleResultRead]
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class FundingRulePage(Page[FundingRuleRead]):
    pass
