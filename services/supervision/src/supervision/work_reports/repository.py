"""Statements on work reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.work_reports.models import WorkReport

SORTABLE = {"id": WorkReport.id, "updated_at": WorkReport.updated_at}

# A collective ("all towns") does not report itself: the units under it do.
_EXPECTED = """
SELECT DISTINCT coalesce(member.code, called.code) AS unit_code,
       EXISTS (SELECT FROM work_report r
                WHERE r.meeting_id = m.id
                  AND r.unit_code = coalesce(member.code, called.code)) AS reported
  FROM meeting m
 CROSS JOIN LATERAL unnest(m.units) AS called (code)
  LEFT JOIN unit_node whole ON whole.code = called.code AND whole.kind = 'collective'
  LEFT JOIN unit_node member ON whole.code = ANY(member.parents) AND member.active
 WHERE m.id = $1
 ORDER BY 1
"""


async def get(session: Session, report_id: UUID) -> WorkReport:
    """Raises `NotFound`."""
    found = await session.get(WorkReport, report_id)
    if found is None:
        raise NotFound(what=f"work report {report_id}")
    return found


async def get_for_update(session: Session, report_id: UUID) -> WorkReport:
    """Raises `NotFound`."""
    found = await session.scalar(
        select(WorkReport).where(WorkReport.id == report_id).with_for_update()
    )
    if found is None:
        raise NotFound(what=f"work report {report_id}")
    return found


async def find(session: Session, meeting_id: UUID, unit_code: str) -> WorkReport | None:
    return await session.scalar(
        select(WorkReport).where(
            WorkReport.meeting_id == meeting_id, WorkReport.unit_code == unit_code
        )
    )


async def list_reports(
    session: Session,
    units: Sequence[str] | None,
    page: PageRequest,
    *,
    meeting_id: UUID | None,
    unit_code: str | None,
    late: bool | None,
    updated_since: datetime | None,
) -> Page[Any]:
    """Reports of the given units (none: of all)."""
    conditions = given(
        (units, WorkReport.unit_code.in_),
        (meeting_id, WorkReport.meeting_id.__eq__),
        (unit_code, WorkReport.unit_code.__eq__),
        (late, WorkReport.late.__eq__),
        (updated_since, WorkReport.updated_at.__ge__),
    )
    query = select(WorkReport).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")


async def expected(session: Session, meeting_id: UUID) -> list[asyncpg.Record]:
    """The units a meeting calls to report, `unit_code, reported`."""
    return await session.fetch(_EXPECTED, meeting_id)
