"""Use cases of the files: added and removed while the acceptance is in its unit's hands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.attaching import Owner
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest

from funding.acceptance_files.models import FILES, AcceptanceFile
from funding.acceptances import service as acceptances
from funding.permissions import READ_ACCEPTANCE, REQUEST_ACCEPTANCE


def _of(acceptance_id: UUID) -> Owner:
    return {"acceptance_id": acceptance_id}


async def _own(session: Session, principal: Principal, acceptance_id: UUID) -> None:
    """Locks the acceptance, if its files may still change."""
    await acceptances.lock(
        session, principal, REQUEST_ACCEPTANCE, acceptance_id, "edit", None, versioned=False
    )


async def add_file(
    session: Session, principal: Principal, acceptance_id: UUID, upload: Upload
) -> AcceptanceFile:
    """Attach a file to a draft, or to what is rectified.

    Raises:
        NotFound, Forbidden.
        InvalidTransition: it was handed in.
        TooManyFiles, SameFile.
    """
    await _own(session, principal, acceptance_id)
    return await FILES.add(session, principal, upload, _of(acceptance_id))


async def remove_file(
    session: Session, principal: Principal, acceptance_id: UUID, file_id: UUID
) -> None:
    """Take a file off again. Raises as `add_file` does."""
    await _own(session, principal, acceptance_id)
    await FILES.remove(session, await FILES.get(session, file_id, _of(acceptance_id)))


async def get_file(
    session: Session, principal: Principal, acceptance_id: UUID, file_id: UUID
) -> AcceptanceFile:
    """Raises `NotFound`, `Forbidden`."""
    await acceptances.load(session, principal, READ_ACCEPTANCE, acceptance_id)
    return await FILES.get(session, file_id, _of(acceptance_id))


async def list_files(
    session: Session,
    principal: Principal,
    page: PageRequest,
    acceptance_id: UUID,
    updated_since: datetime | None,
) -> Page[Any]:
    await acceptances.load(session, principal, READ_ACCEPTANCE, acceptance_id)
    return await FILES.page_of(session, page, _of(acceptance_id), updated_since)
