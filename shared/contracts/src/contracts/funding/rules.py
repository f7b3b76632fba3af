"""What units put beside the public money, and the rules that watch both."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Amount, Event


class CounterpartReported(Event):
    """A unit says what it spent of its own; it does not count before it is verified."""

    type: ClassVar[str] = "kechuang.funding.counterpart_report.filed.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "counterpart_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    unit_code: str
    fiscal_year: int
    period: str
    award_id: UUID | None = None
    corrects: UUID | None = None
    amount: Amount


class CounterpartVerified(Event):
    """It counts as enterprise input from now on."""

    type: ClassVar[str] = "kechuang.funding.counterpart_report.verified.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "counterpart_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    unit_code: str
    fiscal_year: int
    period: str
    award_id: UUID | None = None
    amount: Amount


class CounterpartReturned(Event):
    """It does not count, also if it did before; the unit is to file another one."""

    type: ClassVar[str] = "kechuang.funding.counterpart_report.returned.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "counterpart_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    unit_code: str
    fiscal_year: int
    period: str
    award_id: UUID | None = None
    reason: str


class RuleRevised(Event):
    """A rule says something else from a fiscal year on (none: in every year), or nothing any more:
    it was defined, revised or ended."""

    type: ClassVar[str] = "kechuang.funding.rule.revised.v1"
    subject_field: ClassVar[str] = "rule_code"
    permission: ClassVar[str] = "funding_rules.read"

    rule_code: str
    revision: int
    from_year: int | None = None
    ends: bool
    document_no: str | None = None
    reason: str | None = None


class RuleBreached(Event):
    type: ClassVar[str] = "kechuang.funding.rule.breached.v1"
    subject_field: ClassVar[str] = "rule_code"
    permission: ClassVar[str] = "funding_rules.read"

    rule_code: str
    fiscal_year: int
    actual: Amount
    threshold: Amount
    unit: str
    rule_name: str | None = None
    reason_zh: str
    reason_en: str


class RuleRestored(Event):
    type: ClassVar[str] = "kechuang.funding.rule.restored.v1"
    subject_field: ClassVar[str] = "rule_code"
    permission: ClassVar[str] = "funding_rules.read"

    rule_code: str
    fiscal_year: int
    actual: Amount
    threshold: Amount
    unit: str
    rule_name: str | None = None


class RuleMeasured(Event):
    """The number of a rule that can be judged has moved, whether it is kept or broken. A sum that
    may still grow to its threshold before the year is over is not told."""

    type: ClassVar[str] = "kechuang.funding.rule.measured.v1"
    subject_field: ClassVar[str] = "rule_code"
    permission: ClassVar[str] = "funding_rules.read"

    rule_code: str
    fiscal_year: int
    actual: Amount
    threshold: Amount
    unit: str
