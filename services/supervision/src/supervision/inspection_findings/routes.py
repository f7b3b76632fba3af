"""Findings and their evidence over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.files.attaching import REFUSALS, document
from servicekit.files.download import attachment, gives
from servicekit.files.kinds import JPEG, PDF, PNG
from servicekit.files.upload import Upload
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import Moment

from supervision.inspection_findings import service
from supervision.inspection_findings.models import FILES as EVIDENCE
from supervision.inspection_findings.schemas import FindingFilePage, FindingFileRead
from supervision.inspections.domain import InspectionSigned, NotOfTheTeam
from supervision.inspections.schemas import InspectionFindingCreate, InspectionFindingRead
from supervision.permissions import READ_FINDING, RECORD_FINDING

router = app.router("inspections")
KINDS = (JPEG, PNG, PDF)
ALL = "/inspections/{inspection_id}/findings"
ONE = f"{ALL}/{{finding_id}}"
FILES = f"{ONE}/files"
FILE = f"{FILES}/{{file_id}}"


@router.post(
    ALL,
    response_model=InspectionFindingRead,
    status_code=201,
    responses=problems(NotOfTheTeam, InvalidTransition, UnknownReference),
    summary="Write down a finding",
)
async def create_inspection_finding(
    inspection_id: UUID,
    body: InspectionFindingCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(RECORD_FINDING),
) -> Any:
    """Somebody of the team, on the spot; it becomes an item when the inspection is completed."""
    row = await service.add_finding(session, principal, inspection_id, body)
    path = f"/inspections/{inspection_id}/findings/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@router.get(ONE, response_model=InspectionFindingRead, summary="Read a finding")
async def get_inspection_finding(
    inspection_id: UUID,
    finding_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_FINDING),
) -> Any:
    """One finding, with the item that has it put right."""
    return await service.get_finding(session, principal, inspection_id, finding_id)


@router.delete(
    ONE,
    status_code=204,
    responses=problems(NotOfTheTeam, InvalidTransition),
    summary="Take a finding back",
)
async def remove_inspection_finding(
    inspection_id: UUID,
    finding_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(RECORD_FINDING),
) -> None:
    """Before the inspection is completed."""
    await service.remove_finding(session, principal, inspection_id, finding_id)


@router.get(FILES, response_model=FindingFilePage, summary="List the evidence of a finding")
async def list_inspection_finding_files(
    inspection_id: UUID,
    finding_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(EVIDENCE.sortable)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_FINDING),
) -> Any:
    """Photos and documents, the oldest first."""
    return await service.list_files(
        session, principal, page, inspection_id, finding_id, updated_since
    )


@router.post(
    FILES,
    response_model=FindingFileRead,
    status_code=201,
    responses=problems(NotOfTheTeam, InspectionSigned, *REFUSALS),
    summary="Attach evidence to a finding",
)
async def add_inspection_finding_file(
    inspection_id: UUID,
    finding_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(RECORD_FINDING),
    upload: Upload = document(*KINDS),
) -> Any:
    """The body is the file: a photo or a PDF of up to 20 MiB; until somebody signs, up to 20."""
    row = await service.add_file(session, principal, inspection_id, finding_id, upload)
    path = f"/inspections/{inspection_id}/findings/{finding_id}/files/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@router.get(FILE, response_model=FindingFileRead, summary="Read what is known of evidence")
async def get_inspection_finding_file(
    inspection_id: UUID,
    finding_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_FINDING),
) -> Any:
    """Name, type and size; the file itself is at `/content`."""
    return await service.get_file(session, principal, inspection_id, finding_id, file_id)


@router.get(
    f"{FILE}/content",
    response_class=Response,
    responses=gives(*KINDS),
    summary="Download evidence",
)
async def get_inspection_finding_file_content(
    inspection_id: UUID,
    finding_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_FINDING),
) -> Response:
    """The file as it was attached."""
    row = await service.get_file(session, principal, inspection_id, finding_id, file_id)
    return await attachment(session, row.file_sha256, row.file_name)


@router.delete(
    FILE,
    status_code=204,
    responses=problems(NotOfTheTeam, InspectionSigned),
    summary="Remove evidence",
)
async def remove_inspection_finding_file(
    inspection_id: UUID,
    finding_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(RECORD_FINDING),
) -> None:
    """Until somebody signs."""
    await service.remove_file(session, principal, inspection_id, finding_id, file_id)
