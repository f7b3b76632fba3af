"""HTTP of the what-if questions."""

from typing import Any

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.route import NOT_KEYED, SessionDep, permitted
from servicekit.problems import UnknownReference

from funding.permissions import SIMULATE_RULE
from funding.rule_simulations import service
from funding.rule_simulations.schemas import RuleSimulationRead, RuleSimulationRequest

router = app.router("funding-rules")


@router.post(
    "/funding-rules/simulate",
    response_model=RuleSimulationRead,
    responses=problems(UnknownReference),
    summary="Ask what the rules would say",
    openapi_extra={NOT_KEYED: True},
)
async def simulate_funding_rules(
    body: RuleSimulationRequest,
    session: SessionDep,
    _: Principal = permitted(SIMULATE_RULE),
) -> Any:
    """Each rule of a year as it is, and as it would be with other figures, more on a budget line, a
    report verified or withdrawn, another threshold. Nothing is changed."""
    return await service.simulate(session, body)
