"""Use cases of the files: added and removed while the acceptance is in its unit's hands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files import attaching, store
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound

from funding.acceptance_files import repository
from funding.acceptance_files.models import AcceptanceFile
from funding.acceptances import service as acceptances
from funding.permissions import READ_ACCEPTANCE, REQUEST_ACCEPTANCE


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
    attaching.check_room(upload, await repository.of_acceptance(session, acceptance_id))
    row = AcceptanceFile(
        acceptance_id=acceptance_id,
        file_sha256=await store.keep(session, upload),
        file_name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        added_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    audit.record(session, "acceptance_files.add", "acceptance_file", row.id, sha256=row.file_sha256)
    return row


async def remove_file(
    session: Session, principal: Principal, acceptance_id: UUID, file_id: UUID
) -> None:
    """Take a file off again. Raises as `add_file` does."""
    await _own(session, principal, acceptance_id)
    row = await _found(session, acceptance_id, file_id)
    await session.delete(row)
    await session.flush()
    audit.record(
        session, "acceptance_files.remove", "acceptance_file", row.id, sha256=row.file_sha256
    )


async def get_file(
    session: Session, principal: Principal, acceptance_id: UUID, file_id: UUID
) -> AcceptanceFile:
    """Raises `NotFound`, `Forbidden`."""
    await acceptances.load(session, principal, READ_ACCEPTANCE, acceptance_id)
    return await _found(session, acceptance_id, file_id)


async def _found(session: Session, acceptance_id: UUID, file_id: UUID) -> AcceptanceFile:
    row = await repository.get(session, acceptance_id, file_id)
    if row is None:
        raise NotFound(what=f"file {file_id}")
    return row


async def list_files(
    session: Session,
    principal: Principal,
    page: PageRequest,
    acceptance_id: UUID,
    updated_since: datetime | None,
) -> Page[Any]:
    await acceptances.load(session, principal, READ_ACCEPTANCE, acceptance_id)
    return await repository.page_of(session, page, acceptance_id, updated_since)
