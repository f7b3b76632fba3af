"""Statements on single findings and their evidence."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.db import Session
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.inspection_findings.models import FindingFile
from supervision.inspections.models import InspectionFinding


async def get(session: Session, inspection_id: UUID, finding_id: UUID) -> InspectionFinding:
    """Raises `NotFound`."""
    query = select(InspectionFinding).filter_by(id=finding_id, inspection_id=inspection_id)
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what=f"finding {finding_id}")
    return found


async def files_of(session: Session, findings: Sequence[UUID]) -> list[FindingFile]:
    query = select(FindingFile).where(FindingFile.finding_id.in_(findings))
    return list(await session.scalars(query.order_by(FindingFile.id)))
