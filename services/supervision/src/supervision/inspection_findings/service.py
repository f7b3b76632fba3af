"""Writing findings down on the spot and proving them; nothing changes once somebody has signed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest

from supervision.inspection_findings import repository
from supervision.inspection_findings.models import FILES, FindingFile
from supervision.inspections import domain
from supervision.inspections import service as inspections
from supervision.inspections.models import Inspection, InspectionFinding
from supervision.inspections.schemas import InspectionFindingCreate
from supervision.permissions import READ_FINDING, RECORD_FINDING


async def _on_the_spot(
    session: Session, principal: Principal, inspection_id: UUID, action: str
) -> Inspection:
    """The inspection, locked, if the caller may write to what it found."""
    row = await inspections.lock_for_team(session, principal, RECORD_FINDING, inspection_id)
    domain.refuse_signed(row.digest, action)
    return row


async def add_finding(
    session: Session, principal: Principal, inspection_id: UUID, body: InspectionFindingCreate
) -> InspectionFinding:
    """Somebody of the team has found something; it becomes an item when the inspection is
    completed.

    Raises:
        NotOfTheTeam: the caller is not of it.
        InvalidTransition: it is completed or withdrawn.
        UnknownReference: it is about nothing on the checklist.
    """
    row = await _on_the_spot(session, principal, inspection_id, "find")
    domain.complete(row.status)
    await inspections.check_findings(session, row, [body])
    return await inspections.write_finding(session, row, body, principal.subject)


async def remove_finding(
    session: Session, principal: Principal, inspection_id: UUID, finding_id: UUID
) -> None:
    """It turned out to be none. Raises as `add_finding` does."""
    row = await _on_the_spot(session, principal, inspection_id, "remove")
    domain.complete(row.status)
    finding = await repository.get(session, inspection_id, finding_id)
    for file in await FILES.all_of(session, {"finding_id": finding_id}):
        await FILES.remove(session, file)
    await session.delete(finding)
    row.finding_count -= 1
    before = {"unit_code": finding.unit_code, "text": finding.text}
    audit.record(session, RECORD_FINDING.name, "inspection_finding", finding_id, before=before)
    await session.flush()


async def get_finding(
    session: Session,
    principal: Principal,
    inspection_id: UUID,
    finding_id: UUID,
    permission: Permission = READ_FINDING,
) -> InspectionFinding:
    """Raises `NotFound`, `Forbidden`."""
    finding = await repository.get(session, inspection_id, finding_id)
    await directory.require(session, principal, permission, finding.unit_code)
    return finding


async def add_file(
    session: Session, principal: Principal, inspection_id: UUID, finding_id: UUID, upload: Upload
) -> FindingFile:
    """Prove a finding, until somebody signs.

    Raises:
        NotOfTheTeam, InspectionSigned.
        TooManyFiles, SameFile.
    """
    await _on_the_spot(session, principal, inspection_id, "attach")
    await repository.get(session, inspection_id, finding_id)
    return await FILES.add(session, principal, upload, {"finding_id": finding_id})


async def remove_file(
    session: Session, principal: Principal, inspection_id: UUID, finding_id: UUID, file_id: UUID
) -> None:
    """Raises as `add_file` does."""
    await _on_the_spot(session, principal, inspection_id, "remove")
    await repository.get(session, inspection_id, finding_id)
    row = await FILES.get(session, file_id, {"finding_id": finding_id})
    await FILES.remove(session, row)


async def get_file(
    session: Session, principal: Principal, inspection_id: UUID, finding_id: UUID, file_id: UUID
) -> FindingFile:
    """Raises `NotFound`, `Forbidden`."""
    await get_finding(session, principal, inspection_id, finding_id)
    return await FILES.get(session, file_id, {"finding_id": finding_id})


async def list_files(
    session: Session,
    principal: Principal,
    page: PageRequest,
    inspection_id: UUID,
    finding_id: UUID,
    updated_since: datetime | None,
) -> Page[Any]:
    await get_finding(session, principal, inspection_id, finding_id)
    return await FILES.page_of(session, page, {"finding_id": finding_id}, updated_since)
