"""Use cases of funding rules: define, evaluate when an input moves, show live."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from servicekit import audit
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from servicekit.types import plain

from funding.funding_rules import domain, events, repository
from funding.funding_rules.domain import FORMULAS, Result, RuleState
from funding.funding_rules.models import FundingRule, FundingRuleState
from funding.funding_rules.schemas import FundingRuleRead, RuleInputRead, RuleResultRead
from funding.funds import repository as funds

INPUTS = {
    "budget_expenditure": ("财政预算支出", "budget expenditure", "fiscal-years/{year}"),
    "three_st_expenses": ("科技三项费", "three S&T items", "fiscal-years/{year}"),
    "science_operating_expenses": (
        "科学事业费", "science operating expenses", "fiscal-years/{year}",
    ),
    "special_funds_appropriated": (
        "专项资金下达额", "special funds appropriated", "appropriations?fiscal_year={year}",
    ),
    "enterprise_st_input": (
        "企业科技投入（已核查）", "enterprises' S&T input, verified",
        "counterpart-reports?fiscal_year={year}&state=verified",
    ),
    "government_st_input": (
        "政府科技投入", "government's S&T input", "appropriations?fiscal_year={year}",
    ),
}  # fmt: skip
"""Each input in both languages, and where its value can be looked up."""


async def put_funding_rule(
    session: Session, code: str, values: dict[str, Any], expected: int | None
) -> tuple[FundingRule, bool]:
    """Define a rule or change it; the row, and whether it is new. Its years are evaluated.

    Raises:
        UnknownReference: it names a fund that does not exist.
        PreconditionFailed: `expected` is not the current version.
    """
    values = normalised(values)
    unknown = await funds.unknown(session, values["funds"])
    if unknown:
        raise UnknownReference(what=", ".join(f"fund {code}" for code in unknown))
    # Evaluating touches the rules' rows, so whoever does both takes this lock first.
    await repository.lock_results(session)
    before: dict[str, Any] | None = None
    created = await repository.insert_if_missing(session, code, values)
    row = await repository.lock(session, code)
    if not created:
        check_version(row, expected, required=False)
        before = row.snapshot()
        if not row.change(values):
            return row, False
        await session.flush()
    after = row.snapshot()
    audit.record(session, "funding_rules.write", "funding_rule", code, before=before, after=after)
    for year in row.years:
        await evaluate_year(session, year)
    return row, created


def normalised(values: dict[str, Any]) -> dict[str, Any]:
    """Sets in one order and thresholds by year, so that equal rules are equal."""
    thresholds = sorted(values["thresholds"], key=lambda each: each["year"])
    return {
        **values,
        "thresholds": [
            {"year": each["year"], "value": plain(Decimal(each["value"]))} for each in thresholds
        ],
        "inputs": sorted(set(values["inputs"])),
        "funds": sorted(set(values["funds"])),
    }


async def evaluate_all(session: Session) -> None:
    """Evaluate every year any rule has a threshold for."""
    years = {year for rule in await repository.all_rules(session) for year in rule.years}
    for year in sorted(years):
        await evaluate_year(session, year)


async def evaluate_year(session: Session, year: int) -> None:
    """Hold every rule against the year's inputs; tell what moved, breaches and their ends."""
    await repository.lock_results(session)
    known = await repository.states_of(session, year)
    for rule in await repository.all_rules(session):
        if rule.threshold_of(year) is None and rule.code not in known:
            continue
        inputs = await repository.read_inputs(session, year, rule.funds)
        tell(session, known.get(rule.code), rule, year, inputs)


def judge(rule: FundingRule, year: int, inputs: Mapping[str, Decimal | None]) -> Result:
    return domain.evaluate(
        FORMULAS[rule.formula],
        inputs,
        rule.threshold_of(year),
        year_is_over=china_date().year > year,
    )


def tell(
    session: Session,
    known: FundingRuleState | None,
    rule: FundingRule,
    year: int,
    inputs: Mapping[str, Decimal | None],
) -> None:
    """Publish a number that moved, a breach that was not told yet, or the end of one that was."""
    result = judge(rule, year, inputs)
    if result.state in domain.JUDGED and not is_known(known, result):
        outbox.add(session, events.rule_measured(rule, year, result))
    told = known is not None and known.breach_told
    if result.state is RuleState.BREACHED and not told:
        outbox.add(session, events.rule_breached(rule, year, result))
        told = True
    elif result.state is RuleState.SATISFIED and told:
        outbox.add(session, events.rule_restored(rule, year, result))
        told = False
    found = {
        "state": result.state.value,
        "actual": result.actual,
        "threshold": result.threshold,
        "inputs": {name: str(inputs[name]) for name in FORMULAS[rule.formula].inputs},
        "breach_told": told,
    }
    repository.note_state(session, known, rule, year, found)


def is_known(known: FundingRuleState | None, result: Result) -> bool:
    """Whether this number was told already: a sum that only waited for the year was not."""
    return known is not None and known.state in domain.JUDGED and known.actual == result.actual


async def show(session: Session, rule: FundingRule) -> FundingRuleRead:
    """The rule with its live result in every year it has a threshold for."""
    results: list[RuleResultRead] = []
    for year in rule.years:
        inputs = await repository.read_inputs(session, year, rule.funds)
        results.append(describe(rule, year, inputs))
    fields = {
        name: getattr(rule, name) for name in FundingRuleRead.model_fields.keys() - {"results"}
    }
    return FundingRuleRead(**fields, results=results)


def describe(rule: FundingRule, year: int, inputs: Mapping[str, Decimal | None]) -> RuleResultRead:
    """One year's result with its formula in words and each input."""
    formula = FORMULAS[rule.formula]
    result = judge(rule, year, inputs)
    shown = []
    for name in formula.inputs:
        zh, en, source = INPUTS[name]
        shown.append(
            RuleInputRead.model_validate(
                {
                    "name": name,
                    "name_zh": zh,
                    "name_en": en,
                    "value": inputs[name],
                    "source": f"/api/v1/{source.format(year=year)}",
                }
            )
        )
    return RuleResultRead(
        fiscal_year=year,
        state=result.state,
        satisfied=result.satisfied,
        actual=result.actual,
        threshold=result.threshold,
        distance=result.distance,
        unit=rule.unit,
        formula_zh=formula.zh,
        formula_en=formula.en,
        inputs=shown,
    )


async def get_funding_rule(session: Session, code: str) -> FundingRule:
    row = await repository.get(session, code)
    if row is None:
        raise NotFound(what=f"funding rule {code}")
    return row


async def list_funding_rules(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    found = await repository.page_of(session, page, updated_since)
    return Page(
        items=[await show(session, rule) for rule in found.items],
        next_cursor=found.next_cursor,
        total=found.total,
    )
