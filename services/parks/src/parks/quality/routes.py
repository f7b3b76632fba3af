"""Rules over HTTP."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment

from parks.permissions import READ_RULE, WRITE_RULE
from parks.quality import repository, service
from parks.quality.domain import RuleIncomplete
from parks.quality.repository import SORTABLE
from parks.quality.schemas import ReturnRulePage, ReturnRulePut, ReturnRuleRead, RuleKind

router = app.router("return-rules")
ONE = "/return-rules/{code}"


@router.get("/return-rules", response_model=ReturnRulePage, summary="List rules of returns")
async def list_return_rules(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    kind: Annotated[AnyOf[RuleKind] | None, Query()] = None,
    active: bool | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_RULE),
) -> Any:
    """The rules that look at returns, by code."""
    return await repository.list_rules(
        session, page, kind=kind or [], active=active, updated_since=updated_since
    )


@router.get(ONE, response_model=ReturnRuleRead, summary="One rule of returns")
async def get_return_rule(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_RULE)
) -> Any:
    """What it compares, and what follows."""
    rule = await service.get_rule(session, code)
    tag(response, rule)
    return rule


@router.put(
    ONE,
    response_model=ReturnRuleRead,
    responses={
        201: {"model": ReturnRuleRead, "description": "Created"},
        **problems(RuleIncomplete),
    },
    summary="Make or change a rule of returns",
)
async def put_return_rule(
    code: Code,
    body: ReturnRulePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_RULE),
) -> Any:
    """For the office. It looks at what is handed in from now on."""
    rule, created = await service.put_rule(session, code, body, expected)
    tag(response, rule)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/return-rules/{code}"
    return rule
