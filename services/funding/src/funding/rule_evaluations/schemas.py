"""What was found of the rules, in answers."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import changed_only_at

from funding.funding_rules.schemas import RuleResultRead


class RuleEvaluationRead(RuleResultRead):
    """What was found of a rule in a year from `evaluated_at` until the next one of the year."""

    id: UUID
    rule_code: str = Field(examples=["three-st-share"])
    correlation_id: str | None = Field(
        description="Of the request that moved the number; null before it was kept."
    )
    evaluated_at: datetime
    updated_at: datetime = changed_only_at("evaluated_at")


class RuleEvaluationPage(Page[RuleEvaluationRead]):
    pass
