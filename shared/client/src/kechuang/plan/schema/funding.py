"""Funds and the rules the money must keep."""

from typing import Annotated, Literal

from pydantic import Field

from kechuang.plan.schema.common import Code, Entry, Text, Year
from kechuang.plan.schema.indicators import Quantity

RuleInput = Literal[
    "budget_expenditure",
    "three_st_expenses",
    "science_operating_expenses",
    "special_funds_appropriated",
    "enterprise_st_input",
    "government_st_input",
]


class Fund(Entry):
    """A line money is spent from; `counts_towards_floor` marks the special funds."""

    kind: Literal["special", "three_st_expenses", "science_operating_expenses"]
    purpose: Text
    manager_unit: Code
    counts_towards_floor: bool


class FundingRule(Entry):
    """A rule watched while money moves: a named formula, its inputs, a threshold a year."""

    formula: Literal["three_st_share", "st_share", "leverage", "special_funds_floor"]
    comparator: Literal["at_least", "reach"]
    unit: Literal["%", "倍", "万元"]
    thresholds: Annotated[dict[Year, Quantity], Field(min_length=1)]
    inputs: Annotated[tuple[RuleInput, ...], Field(min_length=1)]
    funds: tuple[Code, ...]
