"""Use cases of the attachments: added and removed while the application is in its unit's hands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.attaching import Owner
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest

from funding.applications import service as applications
from funding.applications.domain import check_step
from funding.applications.models import Application
from funding.attachments import domain
from funding.attachments.models import FILES, ApplicationFile
from funding.calls import repository as calls
from funding.permissions import CREATE_APPLICATION


def _of(application_id: UUID) -> Owner:
    return {"application_id": application_id}


async def _own(session: Session, principal: Principal, application_id: UUID) -> Application:
    """The application, locked, if its files may still change."""
    await applications.load(session, principal, CREATE_APPLICATION, application_id)
    row = await applications.lock(session, application_id, None, versioned=False)
    check_step(row.state, "edit")
    return row


async def add_attachment(
    session: Session,
    principal: Principal,
    application_id: UUID,
    upload: Upload,
    requirement: str | None,
) -> ApplicationFile:
    """Attach a file to a draft or a returned application.

    Raises:
        NotFound, Forbidden.
        InvalidTransition: it was handed in.
        UnknownRequirement: the call does not ask for this.
        TooManyFiles, SameFile.
    """
    application = await _own(session, principal, application_id)
    call = await calls.get(session, application.call_id)
    assert call is not None, "a foreign key"
    known = {each["code"] for each in call.required_attachments}
    if requirement is not None and requirement not in known:
        raise domain.UnknownRequirement(code=requirement)
    owner = _of(application_id)
    return await FILES.add(session, principal, upload, owner, requirement=requirement)


async def remove_attachment(
    session: Session, principal: Principal, application_id: UUID, attachment_id: UUID
) -> None:
    """Take a file off a draft or a returned application. Raises as `add_attachment` does."""
    await _own(session, principal, application_id)
    await FILES.remove(session, await get_attachment(session, application_id, attachment_id))


async def get_attachment(
    session: Session, application_id: UUID, attachment_id: UUID
) -> ApplicationFile:
    """Raises `NotFound`. The caller has decided that it may be read."""
    return await FILES.get(session, attachment_id, _of(application_id))


async def list_attachments(
    session: Session, page: PageRequest, application_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    return await FILES.page_of(session, page, _of(application_id), updated_since)
