"""A rule's result -> contract events."""

from contracts.funding import RuleBreached, RuleMeasured, RuleRestored

from funding.funding_rules import domain
from funding.funding_rules.domain import Result
from funding.funding_rules.models import FundingRule


def rule_measured(rule: FundingRule, year: int, result: Result) -> RuleMeasured:
    assert result.actual is not None, "what can be judged has a number"
    assert result.threshold is not None, "and something it is held against"
    return RuleMeasured(
        rule_code=rule.code,
        fiscal_year=year,
        actual=result.actual,
        threshold=result.threshold,
        unit=rule.unit,
    )


def rule_breached(rule: FundingRule, year: int, result: Result) -> RuleBreached:
    assert result.actual is not None, "a breach has a number"
    assert result.threshold is not None, "and something it falls short of"
    zh, en = domain.reason(rule.name_zh, rule.name_en, year, result, rule.unit)
    return RuleBreached(
        rule_code=rule.code,
        fiscal_year=year,
        actual=result.actual,
        threshold=result.threshold,
        unit=rule.unit,
        reason_zh=zh,
        reason_en=en,
    )


def rule_restored(rule: FundingRule, year: int, result: Result) -> RuleRestored:
    assert result.actual is not None, "what is satisfied has a number"
    assert result.threshold is not None, "and something it reaches"
    return RuleRestored(
        rule_code=rule.code,
        fiscal_year=year,
        actual=result.actual,
        threshold=result.threshold,
        unit=rule.unit,
    )
