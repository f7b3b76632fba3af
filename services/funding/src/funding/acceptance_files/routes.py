"""HTTP of the files of an acceptance."""

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

from funding.acceptance_files import service
from funding.acceptance_files.models import FILES
from funding.acceptance_files.schemas import AcceptanceFilePage, AcceptanceFileRead
from funding.permissions import READ_ACCEPTANCE, REQUEST_ACCEPTANCE

router = app.router("acceptances")
ALL = "/acceptances/{acceptance_id}/files"
ONE = f"{ALL}/{{file_id}}"


@router.get(ALL, response_model=AcceptanceFilePage, summary="List the files of an acceptance")
async def list_acceptance_files(
    acceptance_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FILES.sortable)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ACCEPTANCE),
) -> Any:
    """What proves the report, oldest first."""
    return await service.list_files(session, principal, page, acceptance_id, updated_since)


@router.post(
    ALL,
    response_model=AcceptanceFileRead,
    status_code=201,
    responses=problems(InvalidTransition, *REFUSALS),
    summary="Attach a file to an acceptance",
)
async def add_acceptance_file(
    acceptance_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REQUEST_ACCEPTANCE),
    upload: Upload = document(),
) -> Any:
    """The body is the file: a PDF, a picture, a Word or Excel document of up to 20 MiB. While the
    acceptance is a draft or is rectified, up to 20 files."""
    row = await service.add_file(session, principal, acceptance_id, upload)
    path = f"/acceptances/{acceptance_id}/files/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@router.get(ONE, response_model=AcceptanceFileRead, summary="Read what is known of a file")
async def get_acceptance_file(
    acceptance_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_ACCEPTANCE),
) -> Any:
    """Name, type and size; the file itself is at `/content`."""
    return await service.get_file(session, principal, acceptance_id, file_id)


@router.get(
    f"{ONE}/content",
    response_class=Response,
    responses=gives(*DOCUMENTS),
    summary="Download a file of an acceptance",
)
async def get_acceptance_file_content(
    acceptance_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_ACCEPTANCE),
) -> Response:
    """The file as it was handed in."""
    row = await service.get_file(session, principal, acceptance_id, file_id)
    return await attachment(session, row.file_sha256, row.file_name)


@router.delete(
    ONE,
    status_code=204,
    responses=problems(InvalidTransition),
    summary="Remove a file of an acceptance",
)
async def remove_acceptance_file(
    acceptance_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(REQUEST_ACCEPTANCE),
) -> None:
    """While the acceptance is a draft or is rectified."""
    await service.remove_file(session, principal, acceptance_id, file_id)
