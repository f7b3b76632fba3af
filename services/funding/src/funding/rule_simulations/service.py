"""What the rules would say if. Nothing is written, and no lock is taken."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from servicekit.db import Session
from servicekit.problems import UnknownReference

from funding.funding_rules import domain as rules
from funding.funding_rules import repository as rule_rows
from funding.funding_rules import service as funding_rules
from funding.funding_rules.domain import Facts
from funding.funding_rules.models import FundingRuleRevision
from funding.rule_simulations import domain, repository
from funding.rule_simulations.domain import Report
from funding.rule_simulations.schemas import (
    RuleSimulated,
    RuleSimulationRead,
    RuleSimulationRequest,
)


async def simulate(session: Session, body: RuleSimulationRequest) -> RuleSimulationRead:
    """The rules of a year beside what they would be.

    Raises:
        UnknownReference: no such rule; no such line or report of the year.
    """
    wanted = await _rules(session, body)
    facts = await rule_rows.read_facts(session, body.fiscal_year)
    then = await _changed(session, body, facts)
    figures = {each.input: each.value for each in body.figures}
    thresholds = {each.rule_code: each.value for each in body.thresholds}
    found: list[RuleSimulated] = []
    for revision in wanted:
        year, code = body.fiscal_year, revision.rule_code
        inputs = rules.inputs_of(facts, revision.funds)
        others = rules.inputs_of(then, revision.funds) | figures
        now = funding_rules.judge(revision, year, inputs)
        would = funding_rules.judge(revision, year, others, thresholds.get(code))
        found.append(
            RuleSimulated(
                rule_code=code,
                name_zh=revision.name_zh,
                name_en=revision.name_en,
                present=funding_rules.describe(revision, year, now, inputs),
                simulated=funding_rules.describe(revision, year, would, others),
                state_changes=now.state is not would.state,
            )
        )
    return RuleSimulationRead(fiscal_year=body.fiscal_year, rules=found)


async def _rules(session: Session, body: RuleSimulationRequest) -> list[FundingRuleRevision]:
    """What is said for the year by the rules that are asked for, or by all that hold for it."""
    asked = {*body.rules, *(each.rule_code for each in body.thresholds)}
    _refuse("funding rule", await rule_rows.unknown(session, sorted(asked)))
    codes = sorted(set(body.rules)) or [each.code for each in await rule_rows.all_rules(session)]
    said = await rule_rows.revisions_of(session, codes)
    other = {each.rule_code for each in body.thresholds}
    found: list[FundingRuleRevision] = []
    for code in codes:
        revision = funding_rules.in_force(said[code], body.fiscal_year)
        if revision is None:
            continue
        holds = funding_rules.threshold_of(revision, body.fiscal_year) is not None
        if holds or code in other or code in body.rules:
            found.append(revision)
    return found


async def _changed(session: Session, body: RuleSimulationRequest, facts: Facts) -> Facts:
    year = body.fiscal_year
    lines = {each.budget_id for each in body.lines}
    funds = await repository.funds_of_lines(session, year, sorted(lines))
    _refuse(f"budget of {year}", lines - funds.keys())
    added: dict[str, Decimal] = defaultdict(Decimal)
    for each in body.lines:
        added[funds[each.budget_id]] += each.amount
    asked = {each.report_id: each.verified for each in body.reports}
    known = await repository.reports_of(session, year, sorted(asked))
    _refuse(f"counterpart report of {year}", asked.keys() - known.keys())
    reports = [Report(*known[key], would_count) for key, would_count in asked.items()]
    return domain.changed(facts, added, reports)


def _refuse(kind: str, unknown: Iterable[Any]) -> None:
    """Raises `UnknownReference` if there is anything unknown."""
    named = ", ".join(f"{kind} {each}" for each in sorted(map(str, unknown))[:10])
    if named:
        raise UnknownReference(what=named)
