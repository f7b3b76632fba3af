"""Rules as the API takes and gives them."""

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
    Text,
    exact_quantity,
)

from parks.forms.schemas import FilerClass, Frequency

RuleKind = Literal["at_most", "ratio", "jump", "sum_of_parts", "park_total"]
Severity = Literal["error", "warning"]
Percent = Annotated[Decimal, exact_quantity(Decimal(1_000_000)), AS_QUANTITY, QUANTITY_SCHEMA]
MeasureCode = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=64)]


class ReturnRulePut(ApiModel):
    """A rule: `at_most` compares a number with another one of the return, `ratio` their share in
    per cent; `jump` the change against the period before in per cent; `sum_of_parts` a quarter with
    its months and a year with its quarters; `park_total` a park's own number with the sum of its
    enterprises, the last two with a tolerance of `highest` per cent."""

    kind: RuleKind = Field(examples=["ratio"])
    severity: Severity = Field(
        description="An error refuses the return, a warning wants an explanation.",
        examples=["warning"],
    )
    measure: MeasureCode = Field(
        description="One of the seven measures, or a field of a form.", examples=["rd_spend"]
    )
    other: MeasureCode | None = Field(default=None, examples=["sales_revenue"])
    lowest: Percent | None = Field(default=None, examples=["0"])
    highest: Percent | None = Field(default=None, examples=["30"])
    frequencies: list[Frequency] = Field(
        default=[], max_length=3, description="Looks only at these; at all where it is empty."
    )
    enterprise_classes: list[FilerClass] = Field(
        default=[], max_length=3, description="Looks only at these; at all where it is empty."
    )
    valid_from: Day | None = Field(
        default=None, description="Periods that end on this day or later.", examples=["2026-01-01"]
    )
    valid_to: Day | None = Field(default=None, description="And not after this one.")
    name_zh: Text = Field(examples=["研发投入占销售收入比重"])
    name_en: Text = Field(examples=["R&D spend over sales"])
    document_no: Text | None = Field(default=None, examples=["新统〔2026〕5号"])
    active: bool = True


class ReturnRuleRead(ReturnRulePut):
    code: Code = Field(examples=["rd-share"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ReturnRulePage(Page[ReturnRuleRead]):
    """One page of rules."""


class ReturnFinding(ApiModel):
    """What a rule says of a number of a return."""

    rule_code: Code = Field(examples=["rd-share"])
    severity: Severity = Field(examples=["warning"])
    measure: MeasureCode = Field(examples=["rd_spend"])
    message_zh: str = Field(examples=["研发投入占销售收入比重：rd_spend 为 41%，应不高于 30%"])
    message_en: str = Field(
        examples=["R&D spend over sales: rd_spend is 41%, should be at most 30%"]
    )
    explanation: str | None = Field(
        default=None, description="Why it is so.", examples=["新建中试线一次性投入"]
    )
