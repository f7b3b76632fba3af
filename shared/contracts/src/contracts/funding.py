"""Events of the funding service. Money is yuan."""

from datetime import date
from typing import ClassVar, Literal
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


class FundingCallOpened(Event):
    """Applications are taken from `opens_on` to `closes_on`, both included."""

    type: ClassVar[str] = "kechuang.funding.funding_call.opened.v1"
    subject_field: ClassVar[str] = "call_id"
    permission: ClassVar[str] = "funding_calls.read"

    call_id: UUID
    fund_code: str
    fiscal_year: int
    title: str
    document_no: str
    opens_on: date
    closes_on: date


class FundingCallClosed(Event):
    """A call takes no more applications; so many have come."""

    type: ClassVar[str] = "kechuang.funding.funding_call.closed.v1"
    subject_field: ClassVar[str] = "call_id"
    permission: ClassVar[str] = "funding_calls.read"

    call_id: UUID
    fund_code: str
    fiscal_year: int
    title: str
    applications: int


class FundingCallCancelled(Event):
    """A call ended without an award; each of its applications is told by itself."""

    type: ClassVar[str] = "kechuang.funding.funding_call.cancelled.v1"
    subject_field: ClassVar[str] = "call_id"
    permission: ClassVar[str] = "funding_calls.read"

    call_id: UUID
    fund_code: str
    fiscal_year: int
    title: str
    reason: str


class ApplicationSubmitted(Event):
    """A unit applied, or applied again after its application was returned. `eligible` is whether
    it met every rule of the call that day."""

    type: ClassVar[str] = "kechuang.funding.application.submitted.v1"
    subject_field: ClassVar[str] = "application_id"
    permission: ClassVar[str] = "applications.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("applicant_unit",)

    application_id: UUID
    call_id: UUID
    applicant_unit: str
    number: int
    title: str
    amount: Amount
    eligible: bool


class ApplicationReturned(Event):
    type: ClassVar[str] = "kechuang.funding.application.returned.v1"
    subject_field: ClassVar[str] = "application_id"
    permission: ClassVar[str] = "applications.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("applicant_unit",)

    application_id: UUID
    call_id: UUID
    applicant_unit: str
    reason: str


class ApplicationAccepted(Event):
    """It is complete and goes to the experts."""

    type: ClassVar[str] = "kechuang.funding.application.accepted.v1"
    subject_field: ClassVar[str] = "application_id"
    permission: ClassVar[str] = "applications.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("applicant_unit",)

    application_id: UUID
    call_id: UUID
    applicant_unit: str


class ApplicationRefused(Event):
    type: ClassVar[str] = "kechuang.funding.application.refused.v1"
    subject_field: ClassVar[str] = "application_id"
    permission: ClassVar[str] = "applications.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("applicant_unit",)

    application_id: UUID
    call_id: UUID
    applicant_unit: str
    reason: str


class ApplicationCancelled(Event):
    """Its call was cancelled: nothing becomes of it, and the unit is free to apply elsewhere."""

    type: ClassVar[str] = "kechuang.funding.application.cancelled.v1"
    subject_field: ClassVar[str] = "application_id"
    permission: ClassVar[str] = "applications.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("applicant_unit",)

    application_id: UUID
    call_id: UUID
    applicant_unit: str
    reason: str


class ReviewCompleted(Event):
    """An expert has scored; `all_in` with the last one of the application. Who it was and what
    the score is stays with those who may read reviews."""

    type: ClassVar[str] = "kechuang.funding.review.completed.v1"
    subject_field: ClassVar[str] = "review_id"
    permission: ClassVar[str] = "reviews.read"

    review_id: UUID
    application_id: UUID
    call_id: UUID
    all_in: bool


class PublicNoticePublished(Event):
    """A list is shown to everybody until the end of `ends_on`; `digest` is of its entries."""

    type: ClassVar[str] = "kechuang.funding.public_notice.published.v1"
    subject_field: ClassVar[str] = "notice_id"
    permission: ClassVar[str] = "public_notices.read"

    notice_id: UUID
    call_id: UUID
    published_on: date
    ends_on: date
    selected: int
    digest: str


class ObjectionRaised(Event):
    type: ClassVar[str] = "kechuang.funding.objection.raised.v1"
    subject_field: ClassVar[str] = "objection_id"
    permission: ClassVar[str] = "objections.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("objector_unit",)

    objection_id: UUID
    notice_id: UUID
    call_id: UUID
    application_id: UUID | None = None
    objector_unit: str


class ObjectionSettled(Event):
    type: ClassVar[str] = "kechuang.funding.objection.settled.v1"
    subject_field: ClassVar[str] = "objection_id"
    permission: ClassVar[str] = "objections.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("objector_unit",)

    objection_id: UUID
    notice_id: UUID
    call_id: UUID
    application_id: UUID | None = None
    objector_unit: str
    upheld: bool


class AgreementSigned(Event):
    """Both sides have signed; the award is paid by its tranches from now on."""

    type: ClassVar[str] = "kechuang.funding.agreement.signed.v1"
    subject_field: ClassVar[str] = "agreement_id"
    permission: ClassVar[str] = "agreements.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    agreement_id: UUID
    award_id: UUID
    payee_unit: str
    document_no: str
    amount: Amount
    tranches: int


class TrancheAccepted(Event):
    """A milestone was accepted: so much can be paid."""

    type: ClassVar[str] = "kechuang.funding.tranche.accepted.v1"
    subject_field: ClassVar[str] = "tranche_id"
    permission: ClassVar[str] = "agreements.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    tranche_id: UUID
    agreement_id: UUID
    award_id: UUID
    payee_unit: str
    number: int
    amount: Amount


class AwardGranted(Event):
    """`kind` is none in what was told before there were several."""

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
    kind: str | None = None


class SupportFiled(Event):
    """A unit asks for support that is no project's: `innovation_award`, `patent_subsidy`,
    `interest_subsidy` or `platform_grant`."""

    type: ClassVar[str] = "kechuang.funding.support.filed.v1"
    subject_field: ClassVar[str] = "support_id"
    permission: ClassVar[str] = "awards.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    support_id: UUID
    kind: str
    fiscal_year: int
    payee_unit: str
    amount: Amount


class SupportDecided(Event):
    """It was approved, and is an award now, or it was rejected or withdrawn."""

    type: ClassVar[str] = "kechuang.funding.support.decided.v1"
    subject_field: ClassVar[str] = "support_id"
    permission: ClassVar[str] = "awards.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    support_id: UUID
    kind: str
    fiscal_year: int
    payee_unit: str
    amount: Amount
    state: str
    award_id: UUID | None = None


class AcceptanceSubmitted(Event):
    """A payee reports that what its award was granted for is done, or was rectified."""

    type: ClassVar[str] = "kechuang.funding.acceptance.submitted.v1"
    subject_field: ClassVar[str] = "acceptance_id"
    permission: ClassVar[str] = "acceptances.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    acceptance_id: UUID
    award_id: UUID
    payee_unit: str


class AcceptanceOverdue(Event):
    """The day of a rectification passed and nothing was handed in."""

    type: ClassVar[str] = "kechuang.funding.acceptance.overdue.v1"
    subject_field: ClassVar[str] = "acceptance_id"
    permission: ClassVar[str] = "acceptances.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    acceptance_id: UUID
    award_id: UUID
    payee_unit: str
    rectify_by: date


class AcceptanceConcluded(Event):
    """`rectification` by a day; or `passed`, `passed_after_rectification` or `failed`: the award is
    closed, `released` went back to its line, and `give_back` is what a failed one has to return."""

    type: ClassVar[str] = "kechuang.funding.acceptance.concluded.v1"
    subject_field: ClassVar[str] = "acceptance_id"
    permission: ClassVar[str] = "acceptances.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    acceptance_id: UUID
    award_id: UUID
    payee_unit: str
    state: str
    rectify_by: date | None = None
    released: Amount | None = None
    give_back: Amount | None = None


class PerformanceEvaluated(Event):
    """The evaluation of an award was published: its score from 0 to 100, and `excellent`, `good`,
    `fair` or `poor`."""

    type: ClassVar[str] = "kechuang.funding.performance_evaluation.published.v1"
    subject_field: ClassVar[str] = "evaluation_id"
    permission: ClassVar[str] = "performance_evaluations.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    evaluation_id: UUID
    award_id: UUID
    payee_unit: str
    score: Amount
    grade: str


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


class DisbursementFailed(Event):
    """A payment did not arrive: the treasury could not make it, or the bank sent it back. One that
    had arrived before is no longer paid."""

    type: ClassVar[str] = "kechuang.funding.disbursement.failed.v1"
    subject_field: ClassVar[str] = "disbursement_id"
    permission: ClassVar[str] = "disbursements.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    disbursement_id: UUID
    award_id: UUID
    fund_code: str
    fiscal_year: int
    payee_unit: str
    amount: Amount
    outcome: Literal["failed", "returned"]
    had_arrived: bool
    reason: str | None = None


class PaymentBatchIssued(Event):
    """So many payments left for the treasury in one file, of this SHA-256."""

    type: ClassVar[str] = "kechuang.funding.payment_batch.issued.v1"
    subject_field: ClassVar[str] = "batch_id"
    permission: ClassVar[str] = "payment_batches.read"

    batch_id: UUID
    number: str
    count: int
    total: Amount
    file_sha256: str


class PaymentBatchSettled(Event):
    """Every payment of a batch has its result."""

    type: ClassVar[str] = "kechuang.funding.payment_batch.settled.v1"
    subject_field: ClassVar[str] = "batch_id"
    permission: ClassVar[str] = "payment_batches.read"

    batch_id: UUID
    number: str
    succeeded_count: int
    succeeded_total: Amount
    failed_count: int
    failed_total: Amount
    returned_count: int
    returned_total: Amount


class AdjustmentApproved(Event):
    """A budget line was raised by an amount, or cut where it is negative."""

    type: ClassVar[str] = "kechuang.funding.adjustment.approved.v1"
    subject_field: ClassVar[str] = "adjustment_id"
    permission: ClassVar[str] = "adjustments.read"

    adjustment_id: UUID
    budget_id: UUID
    fund_code: str
    fiscal_year: int
    amount: Amount
    document_no: str


class TransferApproved(Event):
    """Budget of one line was given to another of the same year."""

    type: ClassVar[str] = "kechuang.funding.transfer.approved.v1"
    subject_field: ClassVar[str] = "transfer_id"
    permission: ClassVar[str] = "transfers.read"

    transfer_id: UUID
    from_budget_id: UUID
    to_budget_id: UUID
    from_fund: str
    to_fund: str
    fiscal_year: int
    amount: Amount
    document_no: str | None = None


class RefundReceived(Event):
    """A payee gave money of a payment back. `fiscal_year` is that of the payment."""

    type: ClassVar[str] = "kechuang.funding.refund.received.v1"
    subject_field: ClassVar[str] = "refund_id"
    permission: ClassVar[str] = "refunds.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    refund_id: UUID
    disbursement_id: UUID
    award_id: UUID
    fund_code: str
    fiscal_year: int
    payee_unit: str
    amount: Amount
    received_on: date


class CarryOverApproved(Event):
    """Free money of a line went into the line of a later year that continues it."""

    type: ClassVar[str] = "kechuang.funding.carry_over.approved.v1"
    subject_field: ClassVar[str] = "carry_over_id"
    permission: ClassVar[str] = "carry_overs.read"

    carry_over_id: UUID
    budget_id: UUID
    to_budget_id: UUID
    fund_code: str
    from_year: int
    to_year: int
    amount: Amount
    document_no: str


class FiscalYearClosed(Event):
    """Nothing is booked in the year any more: what is promised went into the next, the rest
    lapsed."""

    type: ClassVar[str] = "kechuang.funding.fiscal_year.closed.v1"
    subject_field: ClassVar[str] = "fiscal_year"
    permission: ClassVar[str] = "year_closes.read"

    fiscal_year: int
    carried_over: Amount
    lapsed: Amount
    document_no: str


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
