"""HTTP of the evidence."""

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
from servicekit.types import Moment

from funding.counterpart_files import service
from funding.counterpart_files.models import FILES
from funding.counterpart_files.schemas import CounterpartFilePage, CounterpartFileRead
from funding.counterpart_reports import service as reports
from funding.permissions import READ_COUNTERPART, REPORT_COUNTERPART

router = app.router("counterpart-reports")
ALL = "/counterpart-reports/{report_id}/evidence"
ONE = f"{ALL}/{{evidence_id}}"


@router.get(ALL, response_model=CounterpartFilePage, summary="List the evidence of a report")
async def list_counterpart_evidence(
    report_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FILES.sortable)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_COUNTERPART),
) -> Any:
    """The files of a counterpart report, oldest first."""
    await reports.get_counterpart_report(session, principal, report_id)
    return await service.list_files(session, page, report_id, updated_since)


@router.post(
    ALL,
    response_model=CounterpartFileRead,
    status_code=201,
    responses=problems(InvalidTransition, *REFUSALS),
    summary="Attach evidence to a report",
)
async def add_counterpart_evidence(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REPORT_COUNTERPART),
    upload: Upload = document(),
) -> Any:
    """The body is the file: a PDF, a picture, a Word or Excel document of up to 20 MiB. Until the
    report is reviewed, up to 20 files."""
    row = await service.add_file(session, principal, report_id, upload)
    path = f"/counterpart-reports/{report_id}/evidence/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@router.get(ONE, response_model=CounterpartFileRead, summary="Read what is known of evidence")
async def get_counterpart_evidence(
    report_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_COUNTERPART),
) -> Any:
    """Name, type and size; the file itself is at `/content`."""
    await reports.get_counterpart_report(session, principal, report_id)
    return await service.get_file(session, report_id, evidence_id)


@router.get(
    f"{ONE}/content",
    response_class=Response,
    responses=gives(*DOCUMENTS),
    summary="Download evidence",
)
async def get_counterpart_evidence_content(
    report_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_COUNTERPART),
) -> Response:
    """The file as it was handed in."""
    await reports.get_counterpart_report(session, principal, report_id)
    row = await service.get_file(session, report_id, evidence_id)
    return await attachment(session, row.file_sha256, row.file_name)


@router.delete(
    ONE, status_code=204, responses=problems(InvalidTransition), summary="Remove evidence"
)
async def remove_counterpart_evidence(
    report_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(REPORT_COUNTERPART),
) -> None:
    """Until the report is reviewed."""
    await service.remove_file(session, principal, report_id, evidence_id)
