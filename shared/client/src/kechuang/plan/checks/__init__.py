"""Rules that span several entries of a plan file. Each check yields findings, never raises."""

from kechuang.plan.checks.codes import LineOf, duplicate_codes, duplicate_numbers
from kechuang.plan.checks.directory import directory_rules
from kechuang.plan.checks.funding import funding_rules
from kechuang.plan.checks.indicators import indicator_rules
from kechuang.plan.checks.key_tasks import key_task_rules
from kechuang.plan.checks.references import unknown_references
from kechuang.plan.checks.supervision import occurrence_rules
from kechuang.plan.errors import Finding
from kechuang.plan.schema import Plan


def check(plan: Plan, line_of: LineOf) -> list[Finding]:
    """Everything wrong with a well-formed plan."""
    return [
        *duplicate_codes(plan, line_of),
        *duplicate_numbers(plan),
        *unknown_references(plan),
        *directory_rules(plan),
        *indicator_rules(plan),
        *key_task_rules(plan),
        *funding_rules(plan),
        *occurrence_rules(plan),
    ]
