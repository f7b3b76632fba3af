"""Filing work reports and asking who is missing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound, UnknownReference

from supervision.meetings.models import Meeting
from supervision.occurrences import repository as occurrences
from supervision.permissions import FILE_WORK_REPORT, READ_WORK_REPORT
from supervision.work_reports import domain, repository
from supervision.work_reports.models import WorkReport
from supervision.work_reports.schemas import (
    MissingWorkReports,
    WorkReportCreate,
    WorkReportUpdate,
)


async def file_report(session: Session, principal: Principal, body: WorkReportCreate) -> WorkReport:
    """File a unit's report to a meeting; one that comes too late is taken and marked.

    Raises:
        UnknownReference: there is no such meeting.
        ReportFiled: the unit has reported to this meeting.
        MeetingOver: the meeting was withdrawn.
    """
    await directory.require(session, principal, FILE_WORK_REPORT, body.unit_code)
    try:
        meeting = await occurrences.get_for_update(session, Meeting, body.meeting_id)
    except NotFound as missing:
        raise UnknownReference(what=f"meeting {body.meeting_id}") from missing
    domain.refuse_withdrawn(meeting.status)
    if await repository.find(session, body.meeting_id, body.unit_code) is not None:
        raise domain.ReportFiled
    report = WorkReport(
        **body.model_dump(),
        late=domain.is_late(
            meeting.status, meeting.reports_due_on or meeting.scheduled_on, china_date()
        ),
        filed_by=principal.subject,
    )
    session.add(report)
    await session.flush()
    audit.record(
        session, "work_reports.file", "work_report", report.id, after=body.model_dump(mode="json")
    )
    return report


async def update_report(
    session: Session,
    principal: Principal,
    report_id: UUID,
    body: WorkReportUpdate,
    expected: int | None,
) -> WorkReport:
    """Change a report before its meeting.

    Raises:
        MeetingOver: the meeting was held or withdrawn.
    """
    report = await repository.get_for_update(session, report_id)
    await directory.require(session, principal, FILE_WORK_REPORT, report.unit_code)
    check_version(report, expected)
    meeting = await occurrences.get(session, Meeting, report.meeting_id)
    domain.refuse_over(meeting.status)
    wanted = body.model_dump(exclude_unset=True)
    before = {name: getattr(report, name) for name in wanted}
    if report.change(wanted):
        audit.record(
            session, "work_reports.file", "work_report", report.id, before=before, after=wanted
        )
        await session.flush()
    return report


async def get_report(session: Session, principal: Principal, report_id: UUID) -> WorkReport:
    report = await repository.get(session, report_id)
    await directory.require(session, principal, READ_WORK_REPORT, report.unit_code)
    return report


async def list_reports(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    meeting_id: UUID | None,
    unit_code: str | None,
    late: bool | None,
    updated_since: datetime | None,
) -> Page[Any]:
    """The reports of the units the caller may see."""
    units = await directory.visible_units(session, principal, READ_WORK_REPORT)
    return await repository.list_reports(
        session,
        units,
        page,
        meeting_id=meeting_id,
        unit_code=unit_code,
        late=late,
        updated_since=updated_since,
    )


async def missing_reports(session: Session, meeting_id: UUID) -> MissingWorkReports:
    """Which of the units called have not reported."""
    await occurrences.get(session, Meeting, meeting_id)
    rows = await repository.expected(session, meeting_id)
    missing = [row["unit_code"] for row in rows if not row["reported"]]
    return MissingWorkReports(meeting_id=meeting_id, expected=len(rows), units=missing)
