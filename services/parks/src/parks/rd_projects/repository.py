"""SQL of the R&D projects."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.db import LOCK
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import answered_for, meant_by
from parks.metrics.repository import counting
from parks.rd_projects.models import RdProject

SORTABLE = {
    "number": RdProject.number,
    "starts_on": RdProject.starts_on,
    "planned_investment": RdProject.planned_investment,
    "actual_investment": RdProject.actual_investment,
    "updated_at": RdProject.updated_at,
    "id": RdProject.id,
}

# A terminated project is none of those that are carried out; what was spent on it was spent.
COUNTING = counting(
    """SELECT w.metric, w.unit, p.period, CASE w.kind
     WHEN 'projects' THEN (
       SELECT count(*) FROM rd_project j
       WHERE j.programme IS NOT NULL AND j.started_on <= p.day
         AND (j.state <> 'terminated' OR j.ended_on > p.day))
     ELSE (
       SELECT coalesce(sum(CASE w.kind WHEN 'investment' THEN r.investment
         WHEN 'new_sales' THEN r.new_sales ELSE r.profit_and_tax END), 0)
       FROM rd_project_result r JOIN rd_project j ON j.id = r.project_id
       WHERE j.programme IS NOT NULL AND r.state = 'verified' AND r.counts_from <= p.day) END
   FROM wanted w, days p"""
)


async def get(session: Session, project_id: UUID) -> RdProject | None:
    return await session.get(RdProject, project_id)


async def get_for_update(session: Session, project_id: UUID) -> RdProject | None:
    return await session.get(RdProject, project_id, with_for_update=LOCK)


async def numbered(session: Session, number: str) -> RdProject | None:
    return await session.scalar(select(RdProject).where(RdProject.number == number))


async def list_projects(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    enterprise_id: UUID | None,
    park_code: str | None,
    programme: str | None,
    state: Sequence[str],
    updated_since: datetime | None,
) -> Page:
    """`park_code` is the lead enterprise's park today."""
    row = RdProject
    conditions = given(
        (units, answered_for),
        (park_code, Enterprise.park_code.__eq__),
        (enterprise_id, lambda one: row.enterprise_id.in_(meant_by(one))),
        (programme, row.programme.__eq__),
        (state or None, row.state.in_),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    if units is not None or park_code is not None:
        query = query.join(Enterprise, Enterprise.id == row.enterprise_id)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="number")
