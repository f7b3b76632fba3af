"""HTTP of the rules by which an indicator's reports are checked."""

from typing import Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import NotFound
from servicekit.types import Code
from targets.outliers import service
from targets.outliers.schemas import ReportingRulePut, ReportingRuleRead
from targets.permissions import READ_INDICATORS, WRITE_INDICATORS

reporting_rules = app.router("indicators")


@reporting_rules.get(
    "/indicators/{code}/reporting-rule",
    response_model=ReportingRuleRead,
    summary="How an indicator's reports are checked",
)
async def get_indicator_reporting_rule(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_INDICATORS)
) -> Any:
    """When a reported number needs an explanation; the usual rule where none was set."""
    rule = await service.get_rule(session, code)
    tag(response, rule)
    return rule


@reporting_rules.put(
    "/indicators/{code}/reporting-rule",
    response_model=ReportingRuleRead,
    responses={
        201: {"model": ReportingRuleRead, "description": "Created"},
        **problems(NotFound),
    },
    summary="Set how an indicator's reports are checked",
)
async def put_indicator_reporting_rule(
    code: Code,
    body: ReportingRulePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_INDICATORS),
) -> Any:
    """For the office. It holds for reports that are submitted from now on."""
    rule, created = await service.put_rule(session, code, body, expected)
    tag(response, rule)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/indicators/{code}/reporting-rule"
    return rule
