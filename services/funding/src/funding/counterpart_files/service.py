"""Use cases of the evidence: added and removed until the report is reviewed."""

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

from funding.counterpart_files import repository
from funding.counterpart_files.models import CounterpartFile
from funding.counterpart_reports import service as reports
from funding.counterpart_reports.domain import check_step
from funding.permissions import REPORT_COUNTERPART


async def _own(session: Session, principal: Principal, report_id: UUID) -> None:
    """The report is locked, and its evidence may still change. Raises `NotFound`, `Forbidden`,
    `InvalidTransition`."""
    await reports.get_counterpart_report(session, principal, report_id, REPORT_COUNTERPART)
    row = await reports.lock(session, report_id)
    check_step(row.state, "attach")


async def add_file(
    session: Session, principal: Principal, report_id: UUID, upload: Upload
) -> CounterpartFile:
    """Attach a file to a report that nobody has reviewed.

    Raises:
        NotFound, Forbidden.
        InvalidTransition: it was reviewed.
        TooManyFiles, SameFile.
    """
    await _own(session, principal, report_id)
    attaching.check_room(upload, await repository.of_report(session, report_id))
    row = CounterpartFile(
        report_id=report_id,
        file_sha256=await store.keep(session, upload),
        file_name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        added_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, "counterpart_reports.attach", "counterpart_file", row.id, sha256=row.file_sha256
    )
    return row


async def remove_file(
    session: Session, principal: Principal, report_id: UUID, evidence_id: UUID
) -> None:
    """Take a file off a report that nobody has reviewed. Raises as `add_file` does."""
    await _own(session, principal, report_id)
    row = await get_file(session, report_id, evidence_id)
    await session.delete(row)
    await session.flush()
    audit.record(
        session, "counterpart_reports.detach", "counterpart_file", row.id, sha256=row.file_sha256
    )


async def get_file(session: Session, report_id: UUID, evidence_id: UUID) -> CounterpartFile:
    """Raises `NotFound`. The caller has decided that it may be read."""
    row = await repository.get(session, report_id, evidence_id)
    if row is None:
        raise NotFound(what=f"evidence {evidence_id}")
    return row


async def list_files(
    session: Session, page: PageRequest, report_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    return await repository.page_of(session, page, report_id, updated_since)
