"""HTTP of what was found of the rules."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment, Year

from funding.funding_rules.domain import RuleState
from funding.permissions import READ_RULE
from funding.rule_evaluations import service
from funding.rule_evaluations.repository import SORTABLE, EvaluationFilter
from funding.rule_evaluations.schemas import RuleEvaluationPage

router = app.router("funding-rules")


@router.get(
    "/funding-rules/{code}/evaluations",
    response_model=RuleEvaluationPage,
    summary="List what was found of a rule",
)
async def list_rule_evaluations(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    fiscal_year: Year | None = None,
    state: Annotated[AnyOf[RuleState] | None, Query()] = None,
    as_of: Annotated[
        Moment | None, Query(description="The one of each year that stood at this moment.")
    ] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_RULE),
) -> Any:
    """Each change of its number, its inputs or its verdict, the latest first; with `as_of` what
    stood then."""
    wanted = EvaluationFilter(code, fiscal_year, state, as_of, updated_since)
    return await service.list_evaluations(session, page, wanted)
