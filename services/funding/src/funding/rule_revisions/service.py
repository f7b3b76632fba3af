"""Use cases of the revisions: change a rule from a year on, end it, and ask what it said."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound

from funding.fiscal_years import repository as fiscal_years
from funding.fiscal_years.domain import YearClosed
from funding.funding_rules import domain as rules
from funding.funding_rules import repository as rule_rows
from funding.funding_rules import service as funding_rules
from funding.funding_rules.models import FundingRule, FundingRuleRevision
from funding.rule_revisions import domain, repository
from funding.rule_revisions.schemas import RuleEnd, RuleRevisionCreate


async def revise_rule(
    session: Session, principal: Principal, code: str, body: RuleRevisionCreate
) -> FundingRuleRevision:
    """Let a rule say something else from a year on, as a document says.

    Raises:
        NotFound, YearClosed, RuleHasEnded: see `_load`.
        Unprocessable, UnknownReference: see `funding_rules.service.normalised`.
        NoThresholdLeft: no year from then on has a threshold.
    """
    row, number = await _load(session, code, body.from_year)
    given = body.model_dump(exclude_unset=True, exclude={"from_year", "reason"})
    if "expression" in given:
        given["formula"] = rules.CUSTOM
        unit = given.get("unit", row.unit)
        given["inputs"] = list(rules.checked(given["expression"], unit))
    values = await funding_rules.normalised(session, funding_rules.definition_of(row) | given)
    domain.check_thresholds(values["thresholds"], body.from_year)
    revision = _revision(principal, row, number, body, values)
    await funding_rules.revise(session, row, revision, "revise", before=row.snapshot())
    return revision


async def end_rule(
    session: Session, principal: Principal, code: str, body: RuleEnd, expected: int | None
) -> FundingRule:
    """Let a rule hold for no year from this one on.

    Raises:
        NotFound, YearClosed, RuleHasEnded: see `_load`.
        PreconditionRequired, PreconditionFailed.
    """
    row, number = await _load(session, code, body.from_year)
    check_version(row, expected)
    values = funding_rules.definition_of(row) | {"document_no": body.document_no}
    revision = _revision(principal, row, number, body, values, ends=True)
    await funding_rules.revise(session, row, revision, "end", before=row.snapshot())
    return row


async def _load(session: Session, code: str, from_year: int) -> tuple[FundingRule, int]:
    """The rule, locked, and the number of its next revision.

    Raises:
        NotFound: no such rule.
        YearClosed: the year is closed, and was judged.
        RuleHasEnded: it is over.
    """
    await rule_rows.lock_results(session)
    row = await rule_rows.lock(session, code)
    if row is None:
        raise NotFound(what=f"funding rule {code}")
    if await fiscal_years.is_closed(session, from_year):
        raise YearClosed
    if row.ended_from is not None:
        raise rules.RuleHasEnded(rule=code, year=row.ended_from)
    said = await rule_rows.revisions_of(session, [code])
    return row, said[code][-1].number + 1


def _revision(
    principal: Principal,
    row: FundingRule,
    number: int,
    body: RuleEnd,
    values: dict[str, Any],
    *,
    ends: bool = False,
) -> FundingRuleRevision:
    return FundingRuleRevision(
        **values,
        rule_code=row.code,
        number=number,
        from_year=body.from_year,
        ends=ends,
        reason=body.reason,
        revised_by=principal.subject,
    )


async def get_revision(session: Session, code: str, revision_id: UUID) -> FundingRuleRevision:
    """Raises `NotFound`."""
    row = await repository.get(session, code, revision_id)
    if row is None:
        raise NotFound(what=f"revision {revision_id} of the rule {code}")
    return row


async def list_revisions(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page[Any]:
    """Raises `NotFound`."""
    await funding_rules.get_funding_rule(session, code)
    return await repository.list_revisions(session, page, code, updated_since)
