"""Statements on signatures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from supervision.inspection_signatures.models import InspectionSignature
from supervision.inspections.models import InspectionFinding

SORTABLE = {
    "id": InspectionSignature.id,
    "signed_at": InspectionSignature.signed_at,
    "updated_at": InspectionSignature.signed_at,
}


async def find(session: Session, inspection_id: UUID, who: str) -> InspectionSignature | None:
    query = select(InspectionSignature).filter_by(inspection_id=inspection_id, signed_by=who)
    return await session.scalar(query)


async def findings_of(session: Session, inspection_id: UUID) -> list[InspectionFinding]:
    query = select(InspectionFinding).filter_by(inspection_id=inspection_id)
    return list(await session.scalars(query.order_by(InspectionFinding.id)))


async def list_signatures(
    session: Session, page: PageRequest, inspection_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = InspectionSignature
    query = select(row).where(
        row.inspection_id == inspection_id, *given((updated_since, row.signed_at.__ge__))
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
