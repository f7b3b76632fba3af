"""Use cases of what was found of the rules."""

from decimal import Decimal
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest

from funding.funding_rules import service as funding_rules
from funding.funding_rules.domain import Result, RuleState
from funding.funding_rules.models import FundingRuleRevision
from funding.rule_evaluations import repository
from funding.rule_evaluations.models import FundingRuleEvaluation
from funding.rule_evaluations.repository import EvaluationFilter
from funding.rule_evaluations.schemas import RuleEvaluationRead


async def list_evaluations(
    session: Session, page: PageRequest, wanted: EvaluationFilter
) -> Page[Any]:
    """Raises `NotFound`."""
    await funding_rules.get_funding_rule(session, wanted.rule_code)
    found = await repository.list_evaluations(session, page, wanted)
    items = [shown(each[0], each[1]) for each in found.items]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


def shown(row: FundingRuleEvaluation, revision: FundingRuleRevision) -> RuleEvaluationRead:
    """As it was found, in the words of the revision it was found by."""
    result = Result(
        RuleState(row.state),
        row.actual,
        row.threshold,
        row.distance,
        row.spare,
        tuple(row.missing),
    )
    inputs = {name: None if value is None else Decimal(value) for name, value in row.inputs.items()}
    described = funding_rules.describe(revision, row.fiscal_year, result, inputs)
    own = {
        "id": row.id,
        "rule_code": row.rule_code,
        "correlation_id": row.correlation_id,
        "evaluated_at": row.evaluated_at,
        "updated_at": row.evaluated_at,
    }
    return RuleEvaluationRead(**described.__dict__, **own)
