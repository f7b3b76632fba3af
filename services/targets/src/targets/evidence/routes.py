"""HTTP of the evidence: files of progress reports and of milestones."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.files.attaching import DOCUMENTS, REFUSALS, document
from servicekit.files.download import attachment, gives
from servicekit.files.upload import Upload
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import Code, Moment
from targets.evidence import service
from targets.evidence.models import FILES
from targets.evidence.schemas import EvidenceFilePage, EvidenceFileRead
from targets.milestones import service as milestones
from targets.periods.domain import PeriodClosed
from targets.permissions import CREATE_REPORT, READ_KEY_TASKS, READ_REPORTS, REPORT_MILESTONE
from targets.reports import service as reports

report_evidence = app.router("progress-reports")
milestone_evidence = app.router("key-tasks")
OF_REPORT = "/progress-reports/{report_id}/evidence-files"
OF_MILESTONE = "/key-tasks/{code}/milestones/{milestone_id}/evidence-files"


@report_evidence.get(OF_REPORT, response_model=EvidenceFilePage, summary="List a report's evidence")
async def list_report_evidence(
    report_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FILES.sortable)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REPORTS),
) -> Any:
    """The files that show what the report says, oldest first."""
    return await service.list_of_report(session, principal, page, report_id, updated_since)


@report_evidence.post(
    OF_REPORT,
    response_model=EvidenceFileRead,
    status_code=201,
    responses=problems(InvalidTransition, *REFUSALS, PeriodClosed),
    summary="Attach evidence to a report",
)
async def add_report_evidence(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_REPORT),
    upload: Upload = document(),
) -> Any:
    """The body is the file: a PDF, a picture, a Word or Excel document of up to 20 MiB. While the
    report is a draft or was returned, up to 20 files."""
    row = await service.add_to_report(session, principal, report_id, upload)
    path = f"/progress-reports/{report_id}/evidence-files/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@report_evidence.get(
    f"{OF_REPORT}/{{evidence_id}}",
    response_model=EvidenceFileRead,
    summary="One piece of a report's evidence",
)
async def get_report_evidence(
    report_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_REPORTS),
) -> Any:
    """What is known of the file; the file itself is at `/content`."""
    await reports.get_report(session, principal, report_id)
    return await service.get(session, {"report_id": report_id}, evidence_id)


@report_evidence.get(
    f"{OF_REPORT}/{{evidence_id}}/content",
    response_class=Response,
    responses=gives(*DOCUMENTS),
    summary="Download a report's evidence",
)
async def get_report_evidence_content(
    report_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_REPORTS),
) -> Response:
    """The file as it was handed in."""
    await reports.get_report(session, principal, report_id)
    row = await service.get(session, {"report_id": report_id}, evidence_id)
    return await attachment(session, row.file_sha256, row.file_name)


@report_evidence.delete(
    f"{OF_REPORT}/{{evidence_id}}",
    status_code=204,
    responses=problems(InvalidTransition, PeriodClosed),
    summary="Remove evidence from a report",
)
async def remove_report_evidence(
    report_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(CREATE_REPORT),
) -> None:
    """While the report is a draft or was returned; its history tells what was removed."""
    await service.remove_from_report(session, principal, report_id, evidence_id)


@milestone_evidence.get(
    OF_MILESTONE, response_model=EvidenceFilePage, summary="List a milestone's evidence"
)
async def list_milestone_evidence(
    code: Code,
    milestone_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FILES.sortable)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_KEY_TASKS),
) -> Any:
    """The files that show what was reached, oldest first."""
    return await service.list_of_milestone(session, page, code, milestone_id, updated_since)


@milestone_evidence.post(
    OF_MILESTONE,
    response_model=EvidenceFileRead,
    status_code=201,
    responses=problems(InvalidTransition, *REFUSALS),
    summary="Attach evidence to a milestone",
)
async def add_milestone_evidence(
    code: Code,
    milestone_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REPORT_MILESTONE),
    upload: Upload = document(),
) -> Any:
    """The body is the file, as for a report; while the milestone is open."""
    row = await service.add_to_milestone(session, principal, code, milestone_id, upload)
    path = f"/key-tasks/{code}/milestones/{milestone_id}/evidence-files/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@milestone_evidence.get(
    f"{OF_MILESTONE}/{{evidence_id}}",
    response_model=EvidenceFileRead,
    summary="One piece of a milestone's evidence",
)
async def get_milestone_evidence(
    code: Code,
    milestone_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_KEY_TASKS),
) -> Any:
    """What is known of the file; the file itself is at `/content`."""
    await milestones.get_milestone(session, code, milestone_id)
    return await service.get(session, {"milestone_id": milestone_id}, evidence_id)


@milestone_evidence.get(
    f"{OF_MILESTONE}/{{evidence_id}}/content",
    response_class=Response,
    responses=gives(*DOCUMENTS),
    summary="Download a milestone's evidence",
)
async def get_milestone_evidence_content(
    code: Code,
    milestone_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_KEY_TASKS),
) -> Response:
    """The file as it was handed in."""
    await milestones.get_milestone(session, code, milestone_id)
    row = await service.get(session, {"milestone_id": milestone_id}, evidence_id)
    return await attachment(session, row.file_sha256, row.file_name)


@milestone_evidence.delete(
    f"{OF_MILESTONE}/{{evidence_id}}",
    status_code=204,
    responses=problems(InvalidTransition),
    summary="Remove evidence from a milestone",
)
async def remove_milestone_evidence(
    code: Code,
    milestone_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(REPORT_MILESTONE),
) -> None:
    """While the milestone is open."""
    await service.remove_from_milestone(session, principal, code, milestone_id, evidence_id)
