"""Events of the funding service. Money is yuan."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.base import Amount, Event


class FiscalYearExecuted(Event):
    """The city's budget expenditure and its S&T items of a fiscal year, as far as executed."""

    type: ClassVar[str] = "kechuang.funding.fiscal_year.executed.v1"
    subject_field: ClassVar[str] = "fiscal_year"
    permission: ClassVar[str] = "fiscal_years.read"

    fiscal_year: int
    budget_expenditure: Amount
    three_st_expenses: Amount
    science_operating_expenses: Amount


class AppropriationMade(Event):
    type: ClassVar[str] = "kechuang.funding.appropriation.made.v1"
    subject_field: ClassVar[str] = "appropriation_id"
    permission: ClassVar[str] = "appropriations.read"

    appropriation_id: UUID
    budget_id: UUID
    fund_code: str
    fiscal_year: int
    amount: Amount
    document_no: str


class AwardGranted(Event):
    type: ClassVar[str] = "kechuang.funding.award.granted.v1"
    subject_field: ClassVar[str] = "award_id"
    permission: ClassVar[str] = "awards.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    award_id: UUID
    fund_code: str
    fiscal_year: int
    payee_unit: str
    amount: Amount
    title: str


class DisbursementSucceeded(Event):
    type: ClassVar[str] = "kechuang.funding.disbursement.succeeded.v1"
    subject_field: ClassVar[str] = "disbursement_id"
    permission: ClassVar[str] = "disbursements.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    disbursement_id: UUID
    award_id: UUID
    fund_code: str
    fiscal_year: int
    payee_unit: str
    amount: Amount
    paid_on: date


class DisbursementHeld(Event):
    """A payment may not leave because a rectification is open against its payee."""

    type: ClassVar[str] = "kechuang.funding.disbursement.held.v1"
    subject_field: ClassVar[str] = "disbursement_id"
    permission: ClassVar[str] = "payment_holds.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    disbursement_id: UUID
    payee_unit: str
    amount: Amount
    item_id: UUID


class RuleBreached(Event):
    type: ClassVar[str] = "kechuang.funding.rule.breached.v1"
    subject_field: ClassVar[str] = "rule_code"
    permission: ClassVar[str] = "funding_rules.read"

    rule_code: str
    fiscal_year: int
    actual: Amount
    threshold: Amount
    unit: str
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
