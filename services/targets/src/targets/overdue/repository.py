"""SQL of the overdue reports."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select, text, update
from targets.overdue.models import OverdueReport

SORTABLE = {
    "id": OverdueReport.id,
    "due_on": OverdueReport.due_on,
    "found_at": OverdueReport.found_at,
    "updated_at": OverdueReport.updated_at,
}
# Who has a part of the year's target and reports on the indicator owes its own number; where nobody
# has, the lead unit owes the whole. Nothing was owed before the indicator, or the part, was there,
# outside the programme, or while the unit has leave to report later.
_MISSING = """
WITH due AS MATERIALIZED (
  SELECT i.code, i.lead_unit, p.period, p.due_on, extract(year FROM p.ends_on) AS year
  FROM reporting_period p
  JOIN indicator i ON i.frequency = p.kind AND i.source_kind = 'reported'
  JOIN programme g ON g.code = i.programme AND p.starts_on >= g.starts_on AND p.ends_on <= g.ends_on
  WHERE p.due_on < :today
    AND p.due_on >= (i.created_at AT TIME ZONE 'UTC' + interval '8 hours')::date
), part AS MATERIALIZED (
  SELECT a.indicator_code, a.year, a.unit_code,
    (a.created_at AT TIME ZONE 'UTC' + interval '8 hours')::date AS since
  FROM assignment a
  JOIN indicator i ON i.code = a.indicator_code
  CROSS JOIN LATERAL (SELECT i.lead_unit || i.supporting_units || i.working_group AS units) c
  WHERE a.state = 'in_force' AND (a.unit_code = ANY (c.units) OR EXISTS (
    SELECT FROM working_group_member m WHERE m.unit = a.unit_code AND m."group" = ANY (c.units)))
), owed AS (
  SELECT d.code, a.unit_code, d.period, d.due_on FROM due d
  JOIN part a ON a.indicator_code = d.code AND a.year = d.year AND d.due_on >= a.since
  UNION ALL
  SELECT d.code, d.lead_unit, d.period, d.due_on FROM due d
  WHERE NOT EXISTS (SELECT FROM part a
    WHERE a.indicator_code = d.code AND a.year = d.year AND d.due_on >= a.since)
), missing AS (
  SELECT * FROM owed o
  WHERE NOT EXISTS (SELECT FROM overdue_report r
    WHERE r.indicator_code = o.code AND r.unit_code = o.unit_code AND r.period = o.period)
  AND NOT EXISTS (SELECT FROM progress_report r
    WHERE r.indicator_code = o.code AND r.unit_code = o.unit_code AND r.period = o.period
      AND r.submitted_at IS NOT NULL AND r.state <> 'withdrawn')
  AND NOT EXISTS (SELECT FROM period_exception e
    WHERE e.period = o.period AND e.unit_code = o.unit_code
      AND e.expires_on >= :today AND e.ended_at IS NULL)
)
"""
_IN_ORDER = """
SELECT DISTINCT period FROM missing ORDER BY period
"""
_STORED = """
INSERT INTO overdue_report (id, indicator_code, unit_code, period, due_on, found_at, updated_at)
SELECT gen_random_uuid(), code, unit_code, period, due_on, :moment, :moment
FROM missing ORDER BY code, unit_code, period
ON CONFLICT DO NOTHING
RETURNING indicator_code, unit_code, period, due_on
"""
_PERIODS, _FIND = text(_MISSING + _IN_ORDER), text(_MISSING + _STORED)


async def periods_with_missing(session: Session, today: date) -> list[str]:
    """The periods that lack a report nobody has been told of, in the order of locking."""
    return list(await session.scalars(_PERIODS, {"today": today}))


async def find(session: Session, today: date, moment: datetime) -> Sequence[Any]:
    """Store the reports that are overdue and were not found before; gives those."""
    return (await session.execute(_FIND, {"today": today, "moment": moment})).all()


async def set_handed_in(
    session: Session, indicator: str, unit: str, period: str, at: datetime | None
) -> None:
    """The missing report came, or with none it was taken back."""
    row = OverdueReport
    await session.execute(
        update(row)
        .where(
            row.indicator_code == indicator,
            row.unit_code == unit,
            row.period == period,
            row.handed_in_at.is_(None) if at else row.handed_in_at.is_not(None),
        )
        .values(handed_in_at=at, updated_at=now())
    )


async def list_overdue(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    indicator_code: str | None,
    unit_code: str | None,
    period: str | None,
    missing: bool | None,
    updated_since: datetime | None,
) -> Page:
    """`units` are those whose reports the caller may see, none for all."""
    row = OverdueReport
    conditions = given(
        (units, row.unit_code.in_),
        (indicator_code, row.indicator_code.__eq__),
        (unit_code, row.unit_code.__eq__),
        (period, row.period.__eq__),
        (missing, row.handed_in_at.is_(None).__eq__),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-due_on")
