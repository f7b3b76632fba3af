"""Use cases of the evidence: added and removed until the report is reviewed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.attaching import Owner
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest

from funding.counterpart_files.models import FILES, CounterpartFile
from funding.counterpart_reports import service as reports
from funding.counterpart_reports.domain import check_step
from funding.permissions import REPORT_COUNTERPART


def _of(report_id: UUID) -> Owner:
    return {"report_id": report_id}


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
    return await FILES.add(session, principal, upload, _of(report_id))


async def remove_file(
    session: Session, principal: Principal, report_id: UUID, evidence_id: UUID
) -> None:
    """Take a file off a report that nobody has reviewed. Raises as `add_file` does."""
    await _own(session, principal, report_id)
    await FILES.remove(session, await get_file(session, report_id, evidence_id))


async def get_file(session: Session, report_id: UUID, evidence_id: UUID) -> CounterpartFile:
    """Raises `NotFound`. The caller has decided that it may be read."""
    return await FILES.get(session, evidence_id, _of(report_id))


async def list_files(
    session: Session, page: PageRequest, report_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    return await FILES.page_of(session, page, _of(report_id), updated_since)
