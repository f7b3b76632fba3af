"""SQL of the files of plans."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from supervision.db import given
from supervision.unit_plan_files.models import UnitPlanFile

SORTABLE = {
    "id": UnitPlanFile.id,
    "added_at": UnitPlanFile.added_at,
    "updated_at": UnitPlanFile.added_at,
}


async def of_edition(session: Session, plan_id: UUID, edition: int) -> list[UnitPlanFile]:
    query = select(UnitPlanFile).filter_by(plan_id=plan_id, edition=edition)
    return list(await session.scalars(query.order_by(UnitPlanFile.id)))


async def get(session: Session, plan_id: UUID, file_id: UUID) -> UnitPlanFile | None:
    return await session.scalar(select(UnitPlanFile).filter_by(id=file_id, plan_id=plan_id))


async def page_of(
    session: Session,
    page: PageRequest,
    plan_id: UUID,
    edition: int | None,
    updated_since: datetime | None,
) -> Page[Any]:
    row = UnitPlanFile
    query = select(row).where(
        row.plan_id == plan_id,
        *given((edition, row.edition.__eq__), (updated_since, row.added_at.__ge__)),
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
