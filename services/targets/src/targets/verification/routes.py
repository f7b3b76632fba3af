"""HTTP of the verification of progress reports."""

from typing import Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http import app
from servicekit.http.batch import BatchRefused, DryRun, Partial, refusal_of, try_steps
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, Problem
from targets.periods.domain import PeriodClosed
from targets.permissions import VERIFY_REPORT
from targets.reports import domain
from targets.reports.schemas import ProgressReportRead, ProgressReportReturn
from targets.verification import service
from targets.verification.schemas import (
    ProgressReportVerification,
    ProgressReportVerifications,
    ProgressReportVerificationsRead,
    ProgressReportVerify,
    VerificationOutcome,
)

verification = app.router("progress-reports")


@verification.post(
    "/progress-reports/{report_id}/verify",
    response_model=ProgressReportRead,
    responses=problems(
        InvalidTransition,
        PeriodClosed,
        domain.OwnReport,
        domain.NumberRuled,
        domain.AdjustmentUnexplained,
        domain.IncompleteNumber,
    ),
    summary="Verify a progress report",
)
async def verify_progress_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: ProgressReportVerify | None = None,
    principal: Principal = permitted(VERIFY_REPORT),
) -> Any:
    """The office or the group's lead, but never the reporter; the number then counts, as it was
    reported or as the verifier adjusts it."""
    report = await service.verify_report(session, principal, report_id, body, expected)
    tag(response, report)
    return report


@verification.post(
    "/progress-reports/{report_id}/return",
    response_model=ProgressReportRead,
    responses=problems(InvalidTransition, PeriodClosed),
    summary="Return a progress report",
)
async def return_progress_report(
    report_id: UUID,
    body: ProgressReportReturn,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(VERIFY_REPORT),
) -> Any:
    """The office or the group's lead gives a report back with a reason."""
    report = await service.return_report(session, principal, report_id, body.reason, expected)
    tag(response, report)
    return report


@verification.post(
    "/progress-reports/verifications/batch",
    response_model=ProgressReportVerificationsRead,
    responses=problems(BatchRefused),
    summary="Verify several progress reports",
)
async def verify_progress_reports(
    body: ProgressReportVerifications,
    session: SessionDep,
    dry_run: DryRun = False,
    partial: Partial = False,
    principal: Principal = permitted(VERIFY_REPORT),
) -> Any:
    """As verifying each, up to 200 at once: all or none, or with `partial` as many as can be."""
    if dry_run:
        session.discard()
    await service.lock_in_order(session, [item.report_id for item in body.items])
    outcomes = await try_steps(
        session, principal, verify_one, ProgressReportRead, body.items, partial=partial
    )
    told = [tell(session, *each) for each in zip(body.items, outcomes, strict=True)]
    return {"items": told, "dry_run": dry_run}


async def verify_one(
    item: ProgressReportVerification, session: Session, _: Response, principal: Principal
) -> Any:
    return await service.verify_report(session, principal, item.report_id, item, item.version)


def tell(
    session: Session, item: ProgressReportVerification, outcome: ProgressReportRead | Problem
) -> VerificationOutcome:
    """What came of one item; a denial is audited although the others are stored."""
    refusal = refusal_of(session, outcome, "progress_report", item.report_id)
    row = None if refusal else outcome
    return VerificationOutcome.model_validate(
        {"report_id": item.report_id, "report": row, "refusal": refusal}
    )
