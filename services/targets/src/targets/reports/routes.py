"""HTTP of the progress reports."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import read_if_match, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageDep
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import Code, Moment, Period
from targets.periods.domain import PeriodClosed, UnknownPeriod
from targets.permissions import CREATE_REPORT, READ_REPORTS, SUBMIT_REPORT, VERIFY_REPORT
from targets.reports import domain, service
from targets.reports.schemas import (
    ProgressReportCreate,
    ProgressReportPage,
    ProgressReportRead,
    ProgressReportReturn,
    ProgressReportUpdate,
    ReportState,
)

reports = app.router("progress-reports")
IfMatch = Annotated[int | None, Depends(read_if_match)]


@reports.get(
    "/progress-reports", response_model=ProgressReportPage, summary="List progress reports"
)
async def list_progress_reports(
    session: SessionDep,
    page: PageDep,
    indicator_code: Code | None = None,
    unit_code: Code | None = None,
    period: Period | None = None,
    state: Annotated[list[ReportState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REPORTS),
) -> Any:
    """Reports of the units the caller may see, latest first."""
    return await service.list_reports(
        session,
        principal,
        page,
        indicator_code=indicator_code,
        unit_code=unit_code,
        period=period,
        state=list(state or []),
        updated_since=updated_since,
    )


@reports.post(
    "/progress-reports",
    response_model=ProgressReportRead,
    status_code=201,
    responses=problems(
        UnknownReference,
        UnknownPeriod,
        PeriodClosed,
        domain.NotReported,
        domain.NotResponsible,
        domain.WrongFrequency,
        domain.IncompleteNumber,
        domain.ReportInProgress,
    ),
    summary="Begin a progress report",
)
async def create_progress_report(
    body: ProgressReportCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_REPORT),
) -> Any:
    """A draft by a unit that answers for the indicator, for an open period."""
    report = await service.create_report(session, principal, body)
    tag(response, report)
    response.headers["Location"] = f"{app.PREFIX}/progress-reports/{report.id}"
    return report


add_batch(reports, create_progress_report)


@reports.get(
    "/progress-reports/{report_id}",
    response_model=ProgressReportRead,
    summary="One progress report",
)
async def get_progress_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_REPORTS),
) -> Any:
    """A report with its number, explanation and state."""
    report = await service.get_report(session, principal, report_id)
    tag(response, report)
    return report


@reports.patch(
    "/progress-reports/{report_id}",
    response_model=ProgressReportRead,
    responses=problems(InvalidTransition, PeriodClosed, domain.IncompleteNumber),
    summary="Change a progress report",
)
async def update_progress_report(
    report_id: UUID,
    body: ProgressReportUpdate,
    session: SessionDep,
    response: Response,
    expected: IfMatch,
    principal: Principal = permitted(CREATE_REPORT),
) -> Any:
    """Merge patch of a draft or a returned report by the unit it is of."""
    report = await service.update_report(session, principal, report_id, body, expected)
    tag(response, report)
    return report


@reports.post(
    "/progress-reports/{report_id}/submit",
    response_model=ProgressReportRead,
    responses=problems(InvalidTransition, PeriodClosed),
    summary="Submit a progress report",
)
async def submit_progress_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    expected: IfMatch,
    principal: Principal = permitted(SUBMIT_REPORT),
) -> Any:
    """The unit hands in a draft, or a returned report once more."""
    report = await service.submit_report(session, principal, report_id, expected)
    tag(response, report)
    return report


@reports.post(
    "/progress-reports/{report_id}/verify",
    response_model=ProgressReportRead,
    responses=problems(InvalidTransition, PeriodClosed, domain.OwnReport),
    summary="Verify a progress report",
)
async def verify_progress_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    expected: IfMatch,
    principal: Principal = permitted(VERIFY_REPORT),
) -> Any:
    """The office or the group's lead, but never the reporter; the number then counts."""
    report = await service.verify_report(session, principal, report_id, expected)
    tag(response, report)
    return report


@reports.post(
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
    expected: IfMatch,
    principal: Principal = permitted(VERIFY_REPORT),
) -> Any:
    """The office or the group's lead gives a report back with a reason."""
    report = await service.return_report(session, principal, report_id, body.reason, expected)
    tag(response, report)
    return report
