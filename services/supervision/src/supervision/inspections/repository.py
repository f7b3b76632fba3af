"""Statements on findings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from supervision.inspections.models import InspectionFinding

FINDING_SORT = {"id": InspectionFinding.id, "updated_at": InspectionFinding.updated_at}


async def findings_without_item(session: Session, inspection_id: UUID) -> list[InspectionFinding]:
    """What has to be put right and nobody was told to, in the order it was found."""
    query = select(InspectionFinding).where(
        InspectionFinding.inspection_id == inspection_id,
        InspectionFinding.rectify,
        InspectionFinding.item_id.is_(None),
    )
    return list(await session.scalars(query.order_by(InspectionFinding.id)))


async def list_findings(
    session: Session,
    inspection_id: UUID,
    units: Sequence[str] | None,
    page: PageRequest,
    updated_since: datetime | None,
) -> Page[Any]:
    """Findings at the given units (none: at all)."""
    row = InspectionFinding
    conditions = given((updated_since, row.updated_at.__ge__), (units, row.unit_code.in_))
    query = select(row).where(row.inspection_id == inspection_id, *conditions)
    return await fetch_page(session, query, page, sortable=FINDING_SORT, default="id")
