"""Statements on inspection plans, inspections and findings."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.inspections.models import Inspection, InspectionFinding, InspectionPlan

FINDING_SORT = {"id": InspectionFinding.id, "updated_at": InspectionFinding.updated_at}

INSPECTION_SORT = {
    "id": Inspection.id,
    "scheduled_on": Inspection.scheduled_on,
    "updated_at": Inspection.updated_at,
}

PLAN_SORT = {"code": InspectionPlan.code, "updated_at": InspectionPlan.updated_at}


async def all_plans(session: Session) -> list[InspectionPlan]:
    return list(await session.scalars(select(InspectionPlan).order_by(InspectionPlan.code)))


async def get_plan(session: Session, code: str) -> InspectionPlan:
    """Raises `NotFound`."""
    found = await session.scalar(select(InspectionPlan).where(InspectionPlan.code == code))
    if found is None:
        raise NotFound(what=f"inspection plan {code}")
    return found


async def list_plans(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    query = select(InspectionPlan).where(*given((updated_since, InspectionPlan.updated_at.__ge__)))
    return await fetch_page(session, query, page, sortable=PLAN_SORT, default="code", key="code")


async def get(session: Session, inspection_id: UUID) -> Inspection:
    """Raises `NotFound`."""
    found = await session.get(Inspection, inspection_id)
    if found is None:
        raise NotFound(what=f"inspection {inspection_id}")
    return found


async def get_for_update(session: Session, inspection_id: UUID) -> Inspection:
    """Raises `NotFound`."""
    query = select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what=f"inspection {inspection_id}")
    return found


async def findings_without_item(session: Session, inspection_id: UUID) -> list[InspectionFinding]:
    """What has to be put right and nobody was told to, in the order it was found."""
    query = select(InspectionFinding).where(
        InspectionFinding.inspection_id == inspection_id,
        InspectionFinding.rectify,
        InspectionFinding.item_id.is_(None),
    )
    return list(await session.scalars(query.order_by(InspectionFinding.id)))


async def list_inspections(
    session: Session,
    page: PageRequest,
    *,
    plan_code: str | None,
    period: str | None,
    status: Sequence[str],
    missed: bool | None,
    scheduled_gte: date | None,
    scheduled_lte: date | None,
    updated_since: datetime | None,
) -> Page[Any]:
    late = (Inspection.status == "planned") & (Inspection.scheduled_on < china_date())
    conditions = given(
        (plan_code, Inspection.plan_code.__eq__),
        (period, Inspection.period.__eq__),
        (status or None, Inspection.status.in_),
        (missed, lambda yes: late if yes else ~late),
        (scheduled_gte, Inspection.scheduled_on.__ge__),
        (scheduled_lte, Inspection.scheduled_on.__le__),
        (updated_since, Inspection.updated_at.__ge__),
    )
    query = select(Inspection).where(*conditions)
    return await fetch_page(session, query, page, sortable=INSPECTION_SORT, default="scheduled_on")


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
