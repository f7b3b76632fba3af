"""Use cases of the evidence: attached while the report or the milestone is in the unit's hands."""

from datetime import datetime
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.attaching import Owner
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest
from targets.evidence import domain
from targets.evidence.models import FILES, EvidenceFile
from targets.milestones import service as milestones
from targets.permissions import CREATE_REPORT, REPORT_MILESTONE
from targets.reports import service as reports
from targets.reports.models import ProgressReport

EDITABLE_REPORT = ("draft", "returned")
EDITABLE_MILESTONE = ("open",)


async def add_to_report(
    session: Session, principal: Principal, report_id: UUID, upload: Upload
) -> EvidenceFile:
    """Attach a file to a draft or a returned report; the report's history tells of it.

    Raises:
        NotFound, Forbidden, PeriodClosed.
        InvalidTransition: it was handed in.
        TooManyFiles, SameFile.
    """
    report = await _own_report(session, principal, report_id, "attach")
    row = await FILES.add(session, principal, upload, {"report_id": report_id})
    _tell(session, "attach", report, row, removed=False)
    return row


async def remove_from_report(
    session: Session, principal: Principal, report_id: UUID, evidence_id: UUID
) -> None:
    """Take a file off a draft or a returned report.

    Raises:
        NotFound, Forbidden, PeriodClosed.
        InvalidTransition: it was handed in.
    """
    report = await _own_report(session, principal, report_id, "detach")
    row = await get(session, {"report_id": report_id}, evidence_id)
    _tell(session, "detach", report, row, removed=True)
    await FILES.remove(session, row)


async def _own_report(
    session: Session, principal: Principal, report_id: UUID, action: str
) -> ProgressReport:
    report = await reports.lock(session, principal, CREATE_REPORT, report_id)
    domain.check_editable(report.state, EDITABLE_REPORT, action)
    return report


def _tell(
    session: Session, action: str, report: ProgressReport, row: EvidenceFile, *, removed: bool
) -> None:
    file = f"{row.file_name} (SHA-256 {row.file_sha256})"
    old, new = (file, None) if removed else (None, file)
    reports.add_action(
        session, action, report, [{"field": "evidence_file", "old": old, "new": new}]
    )


async def add_to_milestone(
    session: Session, principal: Principal, key_task: str, milestone_id: UUID, upload: Upload
) -> EvidenceFile:
    """Attach a file to an open milestone.

    Raises:
        NotFound, Forbidden.
        InvalidTransition: it is claimed or confirmed.
        TooManyFiles, SameFile.
    """
    await _open_milestone(session, principal, key_task, milestone_id, "attach")
    return await FILES.add(session, principal, upload, {"milestone_id": milestone_id})


async def remove_from_milestone(
    session: Session, principal: Principal, key_task: str, milestone_id: UUID, evidence_id: UUID
) -> None:
    """Take a file off an open milestone.

    Raises:
        NotFound, Forbidden.
        InvalidTransition: it is claimed or confirmed.
    """
    await _open_milestone(session, principal, key_task, milestone_id, "detach")
    await FILES.remove(session, await get(session, {"milestone_id": milestone_id}, evidence_id))


async def _open_milestone(
    session: Session, principal: Principal, key_task: str, milestone_id: UUID, action: str
) -> None:
    _, row = await milestones.lock(session, principal, REPORT_MILESTONE, key_task, milestone_id)
    domain.check_editable(row.state, EDITABLE_MILESTONE, action)


async def get(session: Session, owner: Owner, evidence_id: UUID) -> EvidenceFile:
    """Raises `NotFound`."""
    return await FILES.get(session, evidence_id, owner)


async def list_of_report(
    session: Session,
    principal: Principal,
    page: PageRequest,
    report_id: UUID,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`, or `Forbidden` for a unit's report that is not the caller's to see."""
    await reports.get_report(session, principal, report_id)
    return await FILES.page_of(session, page, {"report_id": report_id}, updated_since)


async def list_of_milestone(
    session: Session,
    page: PageRequest,
    key_task: str,
    milestone_id: UUID,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`."""
    await milestones.get_milestone(session, key_task, milestone_id)
    return await FILES.page_of(session, page, {"milestone_id": milestone_id}, updated_since)
