"""HTTP of the files of a grade application."""

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
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import Code, Moment

from parks.grade_application_files import service
from parks.grade_application_files.models import FILES
from parks.grade_application_files.schemas import GradeApplicationFilePage, GradeApplicationFileRead
from parks.permissions import APPLY_FOR_GRADE, READ_GRADE_APPLICATION

router = app.router("grade-applications")
ALL = "/grade-applications/{application_id}/files"
ONE = f"{ALL}/{{file_id}}"


@router.get(
    ALL, response_model=GradeApplicationFilePage, summary="List the files of a grade application"
)
async def list_grade_application_files(
    application_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FILES.sortable)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_GRADE_APPLICATION),
) -> Any:
    """The evidence, oldest first."""
    return await service.list_files(session, principal, page, application_id, updated_since)


@router.post(
    ALL,
    response_model=GradeApplicationFileRead,
    status_code=201,
    responses=problems(InvalidTransition, *REFUSALS, UnknownReference),
    summary="Attach a file to a grade application",
)
async def add_grade_application_file(
    application_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(APPLY_FOR_GRADE),
    criterion_code: Annotated[
        Code | None,
        Query(description="What the file is evidence of.", examples=["provincial-laboratories"]),
    ] = None,
    upload: Upload = document(),
) -> Any:
    """The body is the file: a PDF, a picture, a Word or Excel document of up to 20 MiB. While the
    application is a draft or was returned, up to 20 files."""
    row = await service.add_file(session, principal, application_id, criterion_code, upload)
    path = f"/grade-applications/{application_id}/files/{row.id}"
    response.headers["Location"] = f"{app.PREFIX}{path}"
    return row


@router.get(ONE, response_model=GradeApplicationFileRead, summary="Read what is known of a file")
async def get_grade_application_file(
    application_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_GRADE_APPLICATION),
) -> Any:
    """Name, type and size; the file itself is at `/content`."""
    return await service.get_file(session, principal, application_id, file_id)


@router.get(
    f"{ONE}/content",
    response_class=Response,
    responses=gives(*DOCUMENTS),
    summary="Download a file of a grade application",
)
async def get_grade_application_file_content(
    application_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_GRADE_APPLICATION),
) -> Response:
    """The file as it was handed in."""
    row = await service.get_file(session, principal, application_id, file_id)
    return await attachment(session, row.file_sha256, row.file_name)


@router.delete(
    ONE,
    status_code=204,
    responses=problems(InvalidTransition),
    summary="Remove a file of a grade application",
)
async def remove_grade_application_file(
    application_id: UUID,
    file_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(APPLY_FOR_GRADE),
) -> None:
    """While the application is a draft or was returned."""
    await service.remove_file(session, principal, application_id, file_id)
