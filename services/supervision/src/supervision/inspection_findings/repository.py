"""Statements on single findings and their evidence."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.db import given
from supervision.inspection_findings.models import FindingFile
from supervision.inspections.models import InspectionFinding

FILE_SORT = {
    "id": FindingFile.id,
    "added_at": FindingFile.added_at,
    "updated_at": FindingFile.added_at,
}


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


async def get_file(session: Session, finding_id: UUID, file_id: UUID) -> FindingFile:
    """Raises `NotFound`."""
    query = select(FindingFile).filter_by(id=file_id, finding_id=finding_id)
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what=f"file {file_id}")
    return found


async def list_files(
    session: Session, page: PageRequest, finding_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = FindingFile
    query = select(row).where(
        row.finding_id == finding_id, *given((updated_since, row.added_at.__ge__))
    )
    return await fetch_page(session, query, page, sortable=FILE_SORT, default="id")
