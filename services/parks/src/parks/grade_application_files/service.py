"""Use cases of the files: added and removed while the application is in its park's hands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.attaching import Owner
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import UnknownReference

from parks.grade_application_files.models import FILES, GradeApplicationFile
from parks.grade_applications import domain
from parks.grade_applications import service as applications
from parks.grade_applications.domain import ApplicationAction
from parks.pathways import repository as criteria
from parks.permissions import APPLY_FOR_GRADE, READ_GRADE_APPLICATION


def _of(application_id: UUID) -> Owner:
    return {"application_id": application_id}


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
    owner = _of(application_id)
    return await FILES.add(session, principal, upload, owner, criterion_code=criterion_code)


async def remove_file(
    session: Session, principal: Principal, application_id: UUID, file_id: UUID
) -> None:
    """Take a file off again. Raises as `add_file` does."""
    await _own(session, principal, application_id)
    await FILES.remove(session, await FILES.get(session, file_id, _of(application_id)))


async def get_file(
    session: Session, principal: Principal, application_id: UUID, file_id: UUID
) -> GradeApplicationFile:
    """Raises `NotFound`, `Forbidden`."""
    await applications.load(session, principal, READ_GRADE_APPLICATION, application_id)
    return await FILES.get(session, file_id, _of(application_id))


async def list_files(
    session: Session,
    principal: Principal,
    page: PageRequest,
    application_id: UUID,
    updated_since: datetime | None,
) -> Page[Any]:
    await applications.load(session, principal, READ_GRADE_APPLICATION, application_id)
    return await FILES.page_of(session, page, _of(application_id), updated_since)
