"""HTTP of the progress reports."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import InvalidTransition, PreconditionRequired, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Period
from targets.labels import LABELS
from targets.outliers.domain import OutlierUnexplained
from targets.periods.domain import PeriodClosed, UnknownPeriod
from targets.permissions import CREATE_REPORT, READ_REPORTS, SUBMIT_REPORT
from targets.report_templates.service import check_template, in_words
from targets.reports import domain, service
from targets.reports.repository import HISTORY_SORT, SORTABLE
from targets.reports.schemas import (
    ProgressReportCreate,
    ProgressReportPage,
    ProgressReportRead,
    ProgressReportSubmit,
    ProgressReportUpdate,
    ProgressReportWithdraw,
    ReportActionPage,
    ReportState,
)

reports = app.router("progress-reports")


@reports.get(
    "/progress-reports", response_model=ProgressReportPage, summary="List progress reports"
)
async def list_progress_reports(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    indicator_code: Code | None = None,
    unit_code: Code | None = None,
    period: Period | None = None,
    state: Annotated[AnyOf[ReportState] | None, Query()] = None,
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
        domain.NumberRuled,
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
report_import = add_import(
    reports,
    create_progress_report,
    labels=LABELS,
    create_many=service.create_reports,
    check_form=check_template,
    words=in_words,
)


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
    responses=problems(
        InvalidTransition, PeriodClosed, domain.IncompleteNumber, PreconditionRequired
    ),
    summary="Change a progress report",
)
async def update_progress_report(
    report_id: UUID,
    body: ProgressReportUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CREATE_REPORT),
) -> Any:
    """Merge patch of a draft or a returned report by the unit it is of."""
    report = await service.update_report(session, principal, report_id, body, expected)
    tag(response, report)
    return report


@reports.post(
    "/progress-reports/{report_id}/submit",
    response_model=ProgressReportRead,
    responses=problems(InvalidTransition, PeriodClosed, OutlierUnexplained),
    summary="Submit a progress report",
)
async def submit_progress_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: ProgressReportSubmit | None = None,
    principal: Principal = permitted(SUBMIT_REPORT),
) -> Any:
    """The unit hands in a draft, or a returned report once more. A number far from what it
    reported before is taken with an explanation only."""
    explanation = body.outlier_explanation if body else None
    report = await service.submit_report(session, principal, report_id, explanation, expected)
    tag(response, report)
    return report


@reports.post(
    "/progress-reports/{report_id}/withdraw",
    response_model=ProgressReportRead,
    responses=problems(InvalidTransition, PeriodClosed),
    summary="Withdraw a progress report",
)
async def withdraw_progress_report(
    report_id: UUID,
    body: ProgressReportWithdraw,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SUBMIT_REPORT),
) -> Any:
    """The unit takes a report back for good, before it is verified; it may begin a new one."""
    report = await service.withdraw_report(session, principal, report_id, body.reason, expected)
    tag(response, report)
    return report


@reports.get(
    "/progress-reports/{report_id}/history",
    response_model=ReportActionPage,
    summary="List what was done to a progress report",
)
async def list_progress_report_history(
    report_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(HISTORY_SORT)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REPORTS),
) -> Any:
    """Who did what when, why, and what it changed, oldest first."""
    return await service.list_history(session, principal, page, report_id, updated_since)
