"""Use cases of the files: added and removed while the application is in its park's hands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files import attaching, store
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound, UnknownReference

from parks.grade_application_files import repository
from parks.grade_application_files.models import GradeApplicationFile
from parks.grade_applications import domain
from parks.grade_applications import service as applications
from parks.grade_applications.domain import ApplicationAction
from parks.pathways import repository as criteria
from parks.permissions import APPLY_FOR_GRADE, READ_GRADE_APPLICATION


async def _own(session: Session, principal: Principal, application_id: UUID) -> None:
    """Locks the application, if its files may still change."""
    row = await applications.lock(
        session, principal, APPLY_FOR_GRADE, application_id, None, versioned=False
    )
    domain.step(row.state, ApplicationAction.EDIT)


async def add_file(
    session: Session,
    principal: Principal,
    application_id: UUID,
    criterion_code: str | None,
    upload: Upload,
) -> GradeApplicationFile:
    """Attach a file to a draft, or to what was returned.

    Raises:
        NotFound, Forbidden.
        InvalidTransition: it was handed in.
        UnknownReference: there is no such criterion.
        TooManyFiles, SameFile.
    """
    await _own(session, principal, application_id)
    if criterion_code is not None and await criteria.get(session, criterion_code) is None:
        raise UnknownReference(what=f"grade criterion {criterion_code}").at("query/criterion_code")
    attaching.check_room(upload, await repository.of_application(session, application_id))
    row = GradeApplicationFile(
        application_id=application_id,
        criterion_code=criterion_code,
        file_sha256=await store.keep(session, upload),
        file_name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        added_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session,
        "grade_application_files.add",
        "grade_application_file",
        row.id,
        sha256=row.file_sha256,
    )
    return row


async def remove_file(
    session: Session, principal: Principal, application_id: UUID, file_id: UUID
) -> None:
    """Take a file off again. Raises as `add_file` does."""
    await _own(session, principal, application_id)
    row = await _found(session, application_id, file_id)
    await session.delete(row)
    await session.flush()
    audit.record(
        session,
        "grade_application_files.remove",
        "grade_application_file",
        row.id,
        sha256=row.file_sha256,
    )


async def get_file(
    session: Session, principal: Principal, application_id: UUID, file_id: UUID
) -> GradeApplicationFile:
    """Raises `NotFound`, `Forbidden`."""
    await applications.load(session, principal, READ_GRADE_APPLICATION, application_id)
    return await _found(session, application_id, file_id)


async def _found(session: Session, application_id: UUID, file_id: UUID) -> GradeApplicationFile:
    row = await repository.get(session, application_id, file_id)
    if row is None:
        raise NotFound(what=f"file {file_id}")
    return row


async def list_files(
    session: Session,
    principal: Principal,
    page: PageRequest,
    application_id: UUID,
    updated_since: datetime | None,
) -> Page[Any]:
    await applications.load(session, principal, READ_GRADE_APPLICATION, application_id)
    return await repository.page_of(session, page, application_id, updated_since)
