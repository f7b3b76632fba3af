"""SQL of the evidence."""

from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select
from targets.evidence.models import EvidenceFile

SORTABLE = {
    "id": EvidenceFile.id,
    "added_at": EvidenceFile.added_at,
    "updated_at": EvidenceFile.added_at,
}

Owner = dict[str, UUID]
"""`{"report_id": …}` or `{"milestone_id": …}`: whose evidence it is."""


async def get(session: Session, owner: Owner, evidence_id: UUID) -> EvidenceFile | None:
    query = select(EvidenceFile).filter_by(id=evidence_id, **owner)
    return await session.scalar(query)


async def of(session: Session, owner: Owner) -> list[EvidenceFile]:
    return list(await session.scalars(select(EvidenceFile).filter_by(**owner)))


async def fetch(
    session: Session, page: PageRequest, owner: Owner, updated_since: datetime | None
) -> Page:
    query: Select = select(EvidenceFile).filter_by(**owner)
    if updated_since is not None:
        query = query.where(EvidenceFile.added_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="added_at")
