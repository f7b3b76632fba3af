"""A rule's result -> contract events."""

from contracts.funding import RuleBreached, RuleMeasured, RuleRestored, RuleRevised

from funding.funding_rules import domain
from funding.funding_rules.domain import Comparator, Result
from funding.funding_rules.models import FundingRuleRevision


def rule_measured(rule: FundingRuleRevision, year: int, result: Result) -> RuleMeasured:
    assert result.actual is not None, "what can be judged has a number"
    assert result.threshold is not None, "and something it is held against"
    return RuleMeasured(
        rule_code=rule.rule_code,
        fiscal_year=year,
        actual=result.actual,
        threshold=result.threshold,
        unit=rule.unit,
    )


def rule_breached(rule: FundingRuleRevision, year: int, result: Result) -> RuleBreached:
    assert result.actual is not None, "a breach has a number"
    assert result.threshold is not None, "and something it falls short of"
    comparator = Comparator(rule.comparator)
    zh, en = domain.reason(rule.name_zh, rule.name_en, year, result, rule.unit, comparator)
    return RuleBreached(
        rule_code=rule.rule_code,
        fiscal_year=year,
        actual=result.actual,
        threshold=result.threshold,
        unit=rule.unit,
        rule_name=rule.name_zh,
        reason_zh=zh,
        reason_en=en,
    )


def rule_restored(rule: FundingRuleRevision, year: int, result: Result) -> RuleRestored:
    assert result.actual is not None, "what is satisfied has a number"
    assert result.threshold is not None, "and something it reaches"
    return RuleRestored(
        rule_code=rule.rule_code,
        fiscal_year=year,
        actual=result.actual,
        threshold=result.threshold,
        unit=rule.unit,
        rule_name=rule.name_zh,
    )


def rule_revised(row: FundingRuleRevision) -> RuleRevised:
    return RuleRevised(
        rule_code=row.rule_code,
        revision=row.number,
        from_year=row.from_year,
        ends=row.ends,
        document_no=row.document_no,
        reason=row.reason,
    )
