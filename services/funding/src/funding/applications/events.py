"""Application -> contract events. The contact person is nobody's but the office's."""

from contracts.funding import (
    ApplicationAccepted,
    ApplicationCancelled,
    ApplicationRefused,
    ApplicationReturned,
    ApplicationSubmitted,
)

from funding.applications.models import Application


def application_submitted(row: Application) -> ApplicationSubmitted:
    assert row.number is not None, "drawn with the submission"
    return ApplicationSubmitted(
        application_id=row.id,
        call_id=row.call_id,
        applicant_unit=row.applicant_unit,
        number=row.number,
        title=row.title,
        amount=row.amount,
        eligible=bool(row.eligible),
    )


def application_returned(row: Application) -> ApplicationReturned:
    return ApplicationReturned(
        application_id=row.id,
        call_id=row.call_id,
        applicant_unit=row.applicant_unit,
        reason=row.reason or "",
    )


def application_accepted(row: Application) -> ApplicationAccepted:
    return ApplicationAccepted(
        application_id=row.id, call_id=row.call_id, applicant_unit=row.applicant_unit
    )


def application_refused(row: Application) -> ApplicationRefused:
    return ApplicationRefused(
        application_id=row.id,
        call_id=row.call_id,
        applicant_unit=row.applicant_unit,
        reason=row.reason or "",
    )


def application_cancelled(row: Application) -> ApplicationCancelled:
    return ApplicationCancelled(
        application_id=row.id,
        call_id=row.call_id,
        applicant_unit=row.applicant_unit,
        reason=row.reason or "",
    )
