"""SQL of what was found of the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from funding.funding_rules.models import FundingRuleRevision
from funding.rule_evaluations.models import FundingRuleEvaluation

SORTABLE = {
    "id": FundingRuleEvaluation.id,
    "fiscal_year": FundingRuleEvaluation.fiscal_year,
    "evaluated_at": FundingRuleEvaluation.evaluated_at,
    "updated_at": FundingRuleEvaluation.evaluated_at,
}


def add(session: Session, row: FundingRuleEvaluation) -> None:
    session.add(row)


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """With `as_of` the one of each year that was the latest at this moment."""

    rule_code: str
    fiscal_year: int | None = None
    state: Sequence[str] | None = None
    as_of: datetime | None = None
    updated_since: datetime | None = None


async def list_evaluations(
    session: Session, page: PageRequest, wanted: EvaluationFilter
) -> Page[Any]:
    """Rows of an evaluation and of the revision it was made by."""
    row, said = FundingRuleEvaluation, FundingRuleRevision
    conditions = given(
        (wanted.fiscal_year, row.fiscal_year.__eq__),
        (wanted.state, row.state.in_),
        (wanted.updated_since, row.evaluated_at.__ge__),
    )
    query: Select = (
        select(row, said)
        .join(said, (said.rule_code == row.rule_code) & (said.number == row.revision))
        .where(row.rule_code == wanted.rule_code, *conditions)
    )
    if wanted.as_of is not None:
        later = aliased(row)
        follows = select(later.id).where(
            later.rule_code == row.rule_code,
            later.fiscal_year == row.fiscal_year,
            later.evaluated_at <= wanted.as_of,
            (later.evaluated_at > row.evaluated_at)
            | ((later.evaluated_at == row.evaluated_at) & (later.id > row.id)),
        )
        query = query.where(row.evaluated_at <= wanted.as_of, ~follows.exists())
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-evaluated_at")
