"""HTTP of the revisions of rules."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Moment

from funding.fiscal_years.domain import YearClosed
from funding.funding_rules import service as funding_rules
from funding.funding_rules.domain import RuleHasEnded
from funding.funding_rules.schemas import FundingRuleRead
from funding.permissions import READ_RULE, REVISE_RULE
from funding.rule_revisions import service
from funding.rule_revisions.domain import NoThresholdLeft
from funding.rule_revisions.repository import SORTABLE
from funding.rule_revisions.schemas import (
    RuleEnd,
    RuleRevisionCreate,
    RuleRevisionPage,
    RuleRevisionRead,
)

router = app.router("funding-rules")
ALL = "/funding-rules/{code}/revisions"


@router.get(ALL, response_model=RuleRevisionPage, summary="List what a rule has said")
async def list_rule_revisions(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_RULE),
) -> Any:
    """Every revision, the first one first, with document and reason."""
    return await service.list_revisions(session, page, code, updated_since)


@router.post(
    ALL,
    status_code=201,
    response_model=RuleRevisionRead,
    responses=problems(UnknownReference, NoThresholdLeft, YearClosed, RuleHasEnded),
    summary="Revise a rule",
)
async def create_rule_revision(
    code: Code,
    body: RuleRevisionCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REVISE_RULE),
) -> Any:
    """What it says from a fiscal year on, by a document and for a reason; the years before keep
    what they had. The years concerned are evaluated again."""
    row = await service.revise_rule(session, principal, code, body)
    response.headers["Location"] = f"{app.PREFIX}/funding-rules/{code}/revisions/{row.id}"
    return row


@router.get(
    f"{ALL}/{{revision_id}}", response_model=RuleRevisionRead, summary="Read a revision of a rule"
)
async def get_rule_revision(
    code: Code, revision_id: UUID, session: SessionDep, _: Principal = permitted(READ_RULE)
) -> Any:
    """What the rule says by it, and since which year."""
    return await service.get_revision(session, code, revision_id)


@router.post(
    "/funding-rules/{code}/end",
    response_model=FundingRuleRead,
    responses=problems(YearClosed, RuleHasEnded),
    summary="End a rule",
)
async def end_funding_rule(
    code: Code,
    body: RuleEnd,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REVISE_RULE),
) -> Any:
    """It holds for no year from this one on, for good; its history stays."""
    row = await service.end_rule(session, principal, code, body, expected)
    tag(response, row)
    (shown,) = await funding_rules.show(session, [row])
    return shown
