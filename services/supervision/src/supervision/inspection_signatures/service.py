"""Signing the result of an inspection."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import InvalidTransition

from supervision.inspection_findings import repository as evidence
from supervision.inspection_signatures import domain, repository
from supervision.inspection_signatures.models import InspectionSignature
from supervision.inspection_signatures.schemas import InspectionResultRead
from supervision.inspections import events
from supervision.inspections.domain import InspectionStatus
from supervision.inspections.models import Inspection
from supervision.inspections.service import lock_for_team
from supervision.occurrences import repository as occurrences
from supervision.permissions import SIGN_INSPECTION


async def sign(
    session: Session,
    principal: Principal,
    inspection_id: UUID,
    expected: int | None,
    opinion: str | None,
) -> Inspection:
    """Put the caller's name under what was written down; with the first name nothing of it changes
    any more.

    Raises:
        NotOfTheTeam: the caller is not of it.
        InvalidTransition: it is not written down.
        AlreadySigned: the caller has signed.
    """
    row = await lock_for_team(session, principal, SIGN_INSPECTION, inspection_id, expected)
    if row.status != InspectionStatus.COMPLETED:
        raise InvalidTransition(state=row.status, action="sign")
    if await repository.find(session, row.id, principal.subject) is not None:
        raise domain.AlreadySigned
    digest = domain.digest_of(await _result(session, row))
    if row.digest is None:
        row.digest, row.signed_at = digest, now()
    row.touch()
    session.add(
        InspectionSignature(
            inspection_id=row.id,
            signed_by=principal.subject,
            signed_for=principal.unit,
            opinion=opinion,
            digest=digest,
        )
    )
    audit.record(session, SIGN_INSPECTION.name, "inspection", row.id, after={"digest": digest})
    outbox.add(session, events.inspection_signed(row, principal.subject, digest))
    await session.flush()
    return row


async def read_result(session: Session, inspection_id: UUID) -> InspectionResultRead:
    """What is signed, as it stands now, beside the digest of what was signed."""
    row = await occurrences.get(session, Inspection, inspection_id)
    result = await _result(session, row)
    digest = domain.digest_of(result)
    return InspectionResultRead(
        inspection_id=row.id,
        result=result,
        digest=digest,
        signed_digest=row.digest,
        intact=row.digest in (None, digest),
    )


async def _result(session: Session, row: Inspection) -> dict[str, Any]:
    """Everything that was found, by whom, on which evidence."""
    findings = await repository.findings_of(session, row.id)
    files: defaultdict[UUID, list[str]] = defaultdict(list)
    for file in await evidence.files_of(session, [each.id for each in findings]):
        files[file.finding_id].append(file.file_sha256)
    return {
        "inspection_id": str(row.id),
        "period": row.period,
        "completed_on": None if row.completed_on is None else row.completed_on.isoformat(),
        "completed_by": row.completed_by,
        "summary": row.summary,
        "scope": row.scope,
        "units": row.units,
        "team": row.team,
        "checks": row.checks,
        "findings": [
            {
                "id": str(each.id),
                "unit_code": each.unit_code,
                "checklist_code": each.checklist_code,
                "severity": each.severity,
                "text": each.text,
                "rectify": each.rectify,
                "item_id": None if each.item_id is None else str(each.item_id),
                "evidence": sorted(files[each.id]),
            }
            for each in findings
        ],
    }
