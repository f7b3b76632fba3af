"""Use cases of funding rules: define, evaluate when an input moves, show live."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from servicekit import audit, context
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import (
    FieldError,
    NotFound,
    PreconditionFailed,
    UnknownReference,
    Unprocessable,
)
from servicekit.types import plain

from funding.funding_rules import domain, events, repository
from funding.funding_rules.domain import FORMULAS, INPUTS, Comparator, Result, RuleState
from funding.funding_rules.models import (
    DEFINED,
    Definition,
    FundingRule,
    FundingRuleRevision,
    FundingRuleState,
)
from funding.funding_rules.schemas import FundingRuleRead, RuleInputRead, RuleResultRead
from funding.funds import repository as funds
from funding.rule_evaluations import repository as evaluations
from funding.rule_evaluations.models import FundingRuleEvaluation


async def put_funding_rule(
    session: Session,
    principal: Principal,
    code: str,
    values: dict[str, Any],
    expected: int | None,
) -> tuple[FundingRule, bool]:
    """Define a rule or change it; the row, and whether it is new. Its years are evaluated.

    Raises:
        UnknownReference: it names a fund that does not exist.
        Unprocessable: see `normalised`.
        RuleRevised: it would undo what a document revised or ended.
        PreconditionFailed: `expected` is not the current version.
    """
    values = await normalised(session, values)
    # Evaluating touches the rules' rows, so whoever does both takes this lock first.
    await repository.lock_results(session)
    created = expected is None and await repository.insert_if_missing(session, code, values)
    row = await repository.lock(session, code)
    if row is None:
        raise PreconditionFailed
    revision = FundingRuleRevision(
        **values, rule_code=code, number=1, from_year=None, revised_by=principal.subject
    )
    if not created:
        check_version(row, expected, required=False)
        said = (await repository.revisions_of(session, [code]))[code]
        defined = [each for each in said if each.reason is None][-1]
        if any(definition_of(each) == values for each in (row, defined)):
            return row, False
        if defined is not said[-1]:
            raise domain.RuleRevised(rule=code)
        revision.number = said[-1].number + 1
    await revise(session, row, revision, "write", before=None if created else row.snapshot())
    return row, created


async def normalised(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """A definition as it is kept: sets in one order, so that equal rules are equal, and what the
    plan's formulas stand for.

    Raises:
        UnknownReference: it names a fund that does not exist.
        Unprocessable: its formula is none, or its inputs are not those of its formula.
    """
    unknown = await funds.unknown(session, values["funds"])
    if unknown:
        raise UnknownReference(what=", ".join(f"fund {code}" for code in unknown))
    named = FORMULAS.get(values["formula"])
    expression = values["expression"] if named is None else named.expression
    judged = values["judged"] or (domain.JudgedWhen.AT_ONCE if named is None else named.judged)
    inputs = sorted(domain.checked(expression, values["unit"]))
    if inputs != sorted(set(values["inputs"])):
        zh, en = f"公式的输入为：{'、'.join(inputs)}", f"The formula takes {', '.join(inputs)}"
        raise Unprocessable(errors=(FieldError("/inputs", "rule_inputs", zh, en),))
    thresholds = sorted(values["thresholds"], key=lambda each: each["year"])
    return {
        **values,
        "expression": expression,
        "comparator": str(values["comparator"]),
        "judged": str(judged),
        "thresholds": [
            {"year": each["year"], "value": plain(Decimal(each["value"]))} for each in thresholds
        ],
        "inputs": inputs,
        "funds": sorted(set(values["funds"])),
    }


def definition_of(row: Definition) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DEFINED}


async def revise(
    session: Session,
    row: FundingRule,
    revision: FundingRuleRevision,
    step: str,
    *,
    before: dict[str, Any] | None,
) -> None:
    """Add a revision of a rule, which is locked, and evaluate every year it may concern."""
    session.add(revision)
    row.change(definition_of(revision))
    row.change({"ended_from": revision.from_year if revision.ends else None})
    await session.flush()
    after = row.snapshot() | {"revision": revision.number}
    audit.record(
        session, f"funding_rules.{step}", "funding_rule", row.code, before=before, after=after
    )
    outbox.add(session, events.rule_revised(revision))
    for year in sorted({*row.years, *await repository.years_found(session, row.code)}):
        await evaluate_year(session, year)


async def evaluate_all(session: Session) -> None:
    """Evaluate every year any rule has a threshold for."""
    years = {year for rule in await repository.all_rules(session) for year in rule.years}
    for year in sorted(years):
        await evaluate_year(session, year)


async def evaluate_year(session: Session, year: int) -> None:
    """Hold every rule against the year's inputs; tell what moved, breaches and their ends."""
    await repository.lock_results(session)
    known = await repository.states_of(session, year)
    rules = await repository.all_rules(session)
    said = await repository.revisions_of(session, [rule.code for rule in rules])
    facts = await repository.read_facts(session, year)
    for rule in rules:
        if (revision := in_force(said[rule.code], year)) is None:
            continue
        if revision.threshold_of(year) is None and rule.code not in known:
            continue
        inputs = domain.inputs_of(facts, revision.funds)
        tell(session, known.get(rule.code), rule, revision, year, inputs)


def in_force(said: Sequence[FundingRuleRevision], year: int) -> FundingRuleRevision | None:
    """The revision a year is judged by: the newest one that holds for it."""
    holding = [each for each in said if each.from_year is None or each.from_year <= year]
    return holding[-1] if holding else None


def threshold_of(revision: FundingRuleRevision, year: int) -> Decimal | None:
    return None if revision.ends else revision.threshold_of(year)


def judge(
    revision: FundingRuleRevision,
    year: int,
    inputs: Mapping[str, Decimal | None],
    threshold: Decimal | None = None,
) -> Result:
    """What a year comes to by its revision, or by another threshold."""
    return domain.evaluate(
        revision.judging,
        inputs,
        threshold_of(revision, year) if threshold is None else threshold,
        year_is_over=china_date().year > year,
    )


def tell(
    session: Session,
    known: FundingRuleState | None,
    rule: FundingRule,
    revision: FundingRuleRevision,
    year: int,
    inputs: Mapping[str, Decimal | None],
) -> None:
    """Publish a number that moved, a breach that was not told yet, or the end of one that was; keep
    what was found, if it is not what was found before."""
    result = judge(revision, year, inputs)
    if result.state in domain.JUDGED and not is_known(known, result):
        outbox.add(session, events.rule_measured(revision, year, result))
    told = known is not None and known.breach_told
    if result.state is RuleState.BREACHED and not told:
        outbox.add(session, events.rule_breached(revision, year, result))
        told = True
    elif result.state is RuleState.SATISFIED and told:
        outbox.add(session, events.rule_restored(revision, year, result))
        told = False
    elif revision.ends:
        told = False
    values = {name: inputs[name] for name in revision.judging.inputs}
    found = {
        "state": result.state.value,
        "actual": result.actual,
        "threshold": result.threshold,
        "inputs": {name: None if each is None else str(each) for name, each in values.items()},
        "breach_told": told,
    }
    if repository.note_state(session, known, rule, year, found):
        evaluations.add(session, _kept(revision, year, result, found["inputs"]))


def _kept(
    revision: FundingRuleRevision, year: int, result: Result, inputs: dict[str, str | None]
) -> FundingRuleEvaluation:
    return FundingRuleEvaluation(
        rule_code=revision.rule_code,
        fiscal_year=year,
        revision=revision.number,
        state=result.state.value,
        actual=result.actual,
        threshold=result.threshold,
        distance=result.distance,
        spare=result.spare,
        inputs=inputs,
        missing=list(result.missing),
        correlation_id=context.current().correlation_id,
        evaluated_at=now(),
    )


def is_known(known: FundingRuleState | None, result: Result) -> bool:
    """Whether this number was told already: a sum that only waited for the year was not."""
    return known is not None and known.state in domain.JUDGED and known.actual == result.actual


async def show(session: Session, rules: Sequence[FundingRule]) -> list[FundingRuleRead]:
    """Rules with their live result in every year they hold for."""
    said = await repository.revisions_of(session, [rule.code for rule in rules])
    facts = {
        year: await repository.read_facts(session, year)
        for year in sorted({year for each in said.values() for one in each for year in one.years})
    }
    shown: list[FundingRuleRead] = []
    for rule in rules:
        results: list[RuleResultRead] = []
        for year, known in facts.items():
            revision = in_force(said[rule.code], year)
            if revision is None or threshold_of(revision, year) is None:
                continue
            inputs = domain.inputs_of(known, revision.funds)
            results.append(describe(revision, year, judge(revision, year, inputs), inputs))
        own = FundingRuleRead.model_fields.keys() - {"results", "revision"}
        fields = {name: getattr(rule, name) for name in own}
        number = said[rule.code][-1].number
        shown.append(FundingRuleRead(**fields, results=results, revision=number))
    return shown


def describe(
    revision: FundingRuleRevision,
    year: int,
    result: Result,
    inputs: Mapping[str, Decimal | None],
) -> RuleResultRead:
    """One year's result with its formula in words and each input."""
    zh, en = domain.words(revision.formula, revision.expression)
    names = revision.judging.inputs
    shown: list[RuleInputRead] = []
    for name in names:
        each = INPUTS[name]
        shown.append(
            RuleInputRead.model_validate(
                {
                    "name": name,
                    "name_zh": each.zh,
                    "name_en": each.en,
                    "value": inputs[name],
                    "source": f"/api/v1/{each.source.format(year=year)}",
                }
            )
        )
    comparator = Comparator(revision.comparator)
    reasons = domain.reason(
        revision.name_zh, revision.name_en, year, result, revision.unit, comparator
    )
    return RuleResultRead(
        fiscal_year=year,
        revision=revision.number,
        state=result.state,
        satisfied=result.satisfied,
        actual=result.actual,
        threshold=result.threshold,
        distance=result.distance,
        spare=result.spare,
        spare_of=names[0],
        missing=list(result.missing),
        unit=revision.unit,
        comparator=comparator,
        reason_zh=reasons[0],
        reason_en=reasons[1],
        formula_zh=zh,
        formula_en=en,
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
    found = await repository.list_funding_rules(session, page, updated_since)
    items = await show(session, found.items)
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)
