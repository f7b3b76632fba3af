"""Money on its way: held, arrived, failed, given back."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Amount, Event


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
