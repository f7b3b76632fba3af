"""HTTP of the attachments."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
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

from funding.applications import service as applications
from funding.attachments import domain, service
from funding.attachments.models import FILES
from funding.attachments.schemas import AttachmentPage, AttachmentRead
from funding.permissions import CREATE_APPLICATION, READ_APPLICATION

router = app.router("applications")
ALL = "/applications/{application_id}/attachments"
ONE = f"{ALL}/{{attachment_id}}"


@router.get(ALL, response_model=AttachmentPage, summary="List attachments")
async def list_attachments(
    application_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FILES.sortable)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_APPLICATION),
) -> Any:
    """The files of an application, oldest first."""
    await applications.load(session, principal, READ_APPLICATION, application_id)
    return await service.list_attachments(session, page, application_id, updated_since)


@router.post(
    ALL,
    response_model=AttachmentRead,
    status_code=201,
    responses=problems(InvalidTransition, *REFUSALS, domain.UnknownRequirement),
    summary="Attach a file to an application",
)
async def add_attachment(
    application_id: UUID,
    session: SessionDep,
    response: Response,
    requirement: Annotated[
        Code | None,
        Query(
            description="Which required attachment of the call it is, if one.",
            examples=["proposal"],
        ),
    ] = None,
    principal: Principal = permitted(CREATE_APPLICATION),
    upload: Upload = document(),
) -> Any:
    """The body is the file: a PDF, a picture, a Word or Excel document of up to 20 MiB. While the
    application is a draft or was returned, up to 20 files."""
    row = await service.add_attachment(session, principal, application_id, upload, requirement)
    path = f"/applications/{application_id}/attachments/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@router.get(ONE, response_model=AttachmentRead, summary="Read what is known of an attachment")
async def get_attachment(
    application_id: UUID,
    attachment_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_APPLICATION),
) -> Any:
    """Name, type and size; the file itself is at `/content`."""
    await applications.load(session, principal, READ_APPLICATION, application_id)
    return await service.get_attachment(session, application_id, attachment_id)


@router.get(
    f"{ONE}/content",
    response_class=Response,
    responses=gives(*DOCUMENTS),
    summary="Download an attachment",
)
async def get_attachment_content(
    application_id: UUID,
    attachment_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_APPLICATION),
) -> Response:
    """The file as it was handed in."""
    await applications.load(session, principal, READ_APPLICATION, application_id)
    row = await service.get_attachment(session, application_id, attachment_id)
    return await attachment(session, row.file_sha256, row.file_name)


@router.delete(
    ONE,
    status_code=204,
    responses=problems(InvalidTransition),
    summary="Remove an attachment",
)
async def remove_attachment(
    application_id: UUID,
    attachment_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(CREATE_APPLICATION),
) -> None:
    """While the application is a draft or was returned."""
    await service.remove_attachment(session, principal, application_id, attachment_id)
