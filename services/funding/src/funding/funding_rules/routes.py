"""HTTP of funding rules."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Moment

from funding.funding_rules import service
from funding.funding_rules.domain import RuleRevised
from funding.funding_rules.repository import SORTABLE
from funding.funding_rules.schemas import FundingRulePage, FundingRulePut, FundingRuleRead
from funding.permissions import PUT_RULE, READ_RULE

router = app.router("funding-rules")


@router.put(
    "/funding-rules/{code}",
    response_model=FundingRuleRead,
    responses={201: {"model": FundingRuleRead}, **problems(UnknownReference, RuleRevised)},
    summary="Define or change a funding rule",
)
async def put_funding_rule(
    code: Code,
    body: FundingRulePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUT_RULE),
) -> Any:
    """Store the rule under its code and evaluate it; an equal body changes nothing, another one is
    a revision of every year. What a document has revised since is revised by another one."""
    values = body.model_dump()
    row, created = await service.put_funding_rule(session, principal, code, values, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/funding-rules/{code}"
    tag(response, row)
    (shown,) = await service.show(session, [row])
    return shown


@router.get("/funding-rules/{code}", response_model=FundingRuleRead, summary="Read a funding rule")
async def get_funding_rule(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_RULE)
) -> Any:
    """The rule with its live result per year: formula, every input, threshold, distance."""
    row = await service.get_funding_rule(session, code)
    tag(response, row)
    (shown,) = await service.show(session, [row])
    return shown


@router.get("/funding-rules", response_model=FundingRulePage, summary="List funding rules")
async def list_funding_rules(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_RULE),
) -> Any:
    """Every rule with its live results."""
    return await service.list_funding_rules(session, page, updated_since)
