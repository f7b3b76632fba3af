"""Work reports over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http.app import router as make_router
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import PreconditionRequired, UnknownReference
from servicekit.types import Code, Moment

from supervision.permissions import FILE_WORK_REPORT, READ_MEETING, READ_WORK_REPORT
from supervision.work_reports import service
from supervision.work_reports.domain import MeetingOver, ReportFiled
from supervision.work_reports.repository import SORTABLE
from supervision.work_reports.schemas import (
    MissingWorkReports,
    WorkReportCreate,
    WorkReportPage,
    WorkReportRead,
    WorkReportUpdate,
)

router = make_router("work-reports")


@router.get("/work-reports", response_model=WorkReportPage, summary="List work reports")
async def list_work_reports(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    meeting_id: UUID | None = None,
    unit_code: Code | None = None,
    late: bool | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_WORK_REPORT),
) -> Any:
    """The reports of the units the caller may see."""
    return await service.list_reports(
        session,
        principal,
        page,
        meeting_id=meeting_id,
        unit_code=unit_code,
        late=late,
        updated_since=updated_since,
    )


@router.post(
    "/work-reports",
    response_model=WorkReportRead,
    status_code=201,
    responses=problems(ReportFiled, MeetingOver, UnknownReference),
    summary="File a work report",
)
async def create_work_report(
    body: WorkReportCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(FILE_WORK_REPORT),
) -> Any:
    """A unit reports to a meeting under five headings, once; the office may file for a unit."""
    report = await service.file_report(session, principal, body)
    response.headers["Location"] = f"/api/v1/work-reports/{report.id}"
    tag(response, report)
    return report


add_batch(router, create_work_report)


@router.get("/work-reports/{report_id}", response_model=WorkReportRead, summary="Read a report")
async def get_work_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_WORK_REPORT),
) -> Any:
    """One work report."""
    report = await service.get_report(session, principal, report_id)
    tag(response, report)
    return report


@router.patch(
    "/work-reports/{report_id}",
    response_model=WorkReportRead,
    responses=problems(MeetingOver, PreconditionRequired),
    summary="Change a work report",
)
async def update_work_report(
    report_id: UUID,
    body: WorkReportUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(FILE_WORK_REPORT),
) -> Any:
    """The unit changes its report before the meeting."""
    report = await service.update_report(session, principal, report_id, body, expected)
    tag(response, report)
    return report


@router.get(
    "/meetings/{meeting_id}/missing-reports",
    response_model=MissingWorkReports,
    summary="List who has not reported",
)
async def list_missing_work_reports(
    meeting_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_MEETING),
) -> Any:
    """The units called to a meeting that have not filed a report to it."""
    return await service.missing_reports(session, meeting_id)
