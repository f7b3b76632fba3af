"""Revisions of rules in requests and answers."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, LongText, Text, Year, absent, changed_only_at

from funding.budgets.schemas import DocumentNo
from funding.funding_rules.domain import Comparator, JudgedWhen
from funding.funding_rules.schemas import (
    OF_EXPRESSION,
    Expression,
    RuleDefinition,
    RuleFunds,
    RuleUnit,
    Thresholds,
)


class RuleEnd(ApiModel):
    """From this fiscal year on the rule holds for no year."""

    from_year: Year = Field(examples=[2028])
    document_no: DocumentNo
    reason: LongText = Field(examples=["方案期满"])


class RuleRevisionCreate(RuleEnd):
    """What a rule says from a fiscal year on; what is left out stays as it is said now. The years
    before keep what they had. `thresholds` replaces all thresholds."""

    name_zh: Text = Field(default_factory=absent, examples=["科技三项费占财政预算支出比例"])
    name_en: Text = Field(default_factory=absent, examples=["Share of the three S&T items"])
    expression: Expression = Field(default_factory=absent, description=OF_EXPRESSION)
    comparator: Comparator = Field(default_factory=absent, examples=["at_least"])
    judged: JudgedWhen = Field(default_factory=absent, examples=["at_once"])
    unit: RuleUnit = Field(default_factory=absent, examples=["%"])
    thresholds: Thresholds = Field(default_factory=absent)
    funds: RuleFunds = Field(default_factory=absent)


class RuleRevisionRead(RuleDefinition):
    """What a rule says from `from_year` on (null: of every year) until a later revision; nothing
    from one that `ends` it on. Without a reason it was defined, and not revised by a document."""

    id: UUID
    rule_code: str = Field(examples=["three-st-share"])
    number: int = Field(examples=[2])
    from_year: int | None = Field(examples=[2028])
    ends: bool = Field(examples=[False])
    expression: Expression
    judged: JudgedWhen = Field(examples=["at_once"])
    reason: str | None
    revised_by: Actor
    revised_at: datetime
    updated_at: datetime = changed_only_at("revised_at")


class RuleRevisionPage(Page[RuleRevisionRead]):
    pass
