"""From a call for applications to an agreement and its tranches."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.base import Amount, Event


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
