"""SQL of the divided targets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select
from targets.assignments.models import Assignment, AssignmentRevision
from targets.moments.domain import Then
from targets.revisions.repository import targets_then
from targets.rollups import repository as rollups

SORTABLE = {
    "unit_code": str,
    "year": int,
    "created_at": datetime,
    "updated_at": datetime,
    "id": UUID,
}
COVERAGE_SORT = {"id": str, "year": int, "updated_at": datetime}
REVISION_SORT = {
    "id": AssignmentRevision.id,
    "revised_at": AssignmentRevision.revised_at,
    "updated_at": AssignmentRevision.revised_at,
}
ANSWERED_FOR = """(unit_code = ANY(?) OR lead_unit = ANY(?) OR working_group = ANY(?)
 OR supporting_units && ?)"""
"""What these units answer for: their own parts, and the indicators that are theirs."""
_SHOWN = """SELECT id, indicator_code, year, unit_code, parent_id, value, unit, document_no,
 reason, state, promised, share, period, actual, completion, assigned_by, version, created_at,
 updated_at
FROM (
 SELECT a.id, a.indicator_code, a.year, a.unit_code, a.parent_id, a.value, a.document_no, a.reason,
  a.state, a.assigned_by, a.version, a.created_at, a.updated_at,
  i.unit, i.lead_unit, i.working_group, i.supporting_units,
  coalesce(p.value, m.value) AS promised,
  round(a.value / nullif(coalesce(p.value, m.value), 0), 6) AS share,
  r.period, r.actual, round(r.actual / nullif(a.value, 0), 6) AS completion
 FROM {assignment} a JOIN indicator i ON i.code = a.indicator_code
 LEFT JOIN {assignment} p ON p.id = a.parent_id
 LEFT JOIN {milestone} m ON m.indicator_code = a.indicator_code AND m.year = a.year
 LEFT JOIN LATERAL (
  SELECT period, actual FROM {roll_up} roll_up
  WHERE indicator_code = a.indicator_code AND unit_code = a.unit_code
   AND since <= make_date(a.year, 12, 31)
   AND since >= CASE WHEN i.time_aggregation IN ('latest', 'max', 'any')
    THEN '-infinity' ELSE make_date(a.year, 1, 1) END
  ORDER BY since DESC LIMIT 1) r ON true
) AS shown"""


def then_table(first: int) -> str:
    """What `assignment` was, to stand in its place in a statement whose parameters from `$first`
    on are `Then.args`. A part holds for its year, whatever the day."""
    return f"""(
 SELECT a.id, a.indicator_code, a.year, a.unit_code, a.parent_id, a.assigned_by, a.created_at,
  coalesce(r.new_value, r.old_value) AS value, r.document_no, r.reason, r.version,
  CASE WHEN r.new_value IS NULL THEN 'withdrawn' ELSE 'in_force' END AS state,
  r.revised_at AS updated_at
 FROM assignment a CROSS JOIN LATERAL (
  SELECT *, count(*) OVER () AS version FROM assignment_revision
  WHERE assignment_id = a.id AND revised_at <= ${first + 1}::timestamptz
  ORDER BY revised_at DESC, id DESC LIMIT 1) r)"""  # noqa: S608 - constants only


_SELECT = _SHOWN.format(assignment="assignment", milestone="milestone", roll_up="roll_up")
_SELECT_THEN = _SHOWN.format(
    assignment=then_table(1),
    milestone=targets_then(1, "NOT baseline"),
    roll_up=rollups.then_table(1),
)
_COVERAGE = """SELECT id, indicator_code, year, unit_code, assignment_id, unit, promised, assigned,
 parts, gap, coverage, state, updated_at
FROM (
 SELECT concat_ws('/', d.indicator_code, d.year, d.unit_code) AS id, d.indicator_code, d.year,
  d.unit_code, d.assignment_id, d.promised, d.assigned, d.parts, d.updated_at,
  d.promised - d.assigned AS gap, round(d.assigned / nullif(d.promised, 0), 6) AS coverage,
  CASE WHEN d.parts = 0 THEN 'unassigned' WHEN d.assigned IS NULL THEN 'not_additive'
   WHEN d.assigned < d.promised THEN 'under' WHEN d.assigned > d.promised THEN 'over'
   ELSE 'exact' END AS state,
  i.unit, i.lead_unit, i.working_group, i.supporting_units
 FROM (
  SELECT w.*, s.parts, s.assigned, greatest(w.changed_at, s.changed_at) AS updated_at
  FROM (
   SELECT m.indicator_code, m.year, NULL::text AS unit_code, NULL::uuid AS assignment_id,
    m.value AS promised, i.updated_at AS changed_at, i.unit_aggregation AS how
   FROM milestone m JOIN indicator i ON i.code = m.indicator_code
   UNION ALL
   SELECT a.indicator_code, a.year, a.unit_code, a.id, a.value, a.updated_at, i.unit_aggregation
   FROM assignment a JOIN indicator i ON i.code = a.indicator_code
   WHERE a.state = 'in_force' AND EXISTS (SELECT FROM assignment b WHERE b.parent_id = a.id)
  ) w, LATERAL (
   SELECT count(*) FILTER (WHERE b.state = 'in_force')::int AS parts,
    max(b.updated_at) AS changed_at,
    CASE w.how WHEN 'sum' THEN sum(b.value) FILTER (WHERE b.state = 'in_force')
     WHEN 'average' THEN round(avg(b.value) FILTER (WHERE b.state = 'in_force'), 6)
     WHEN 'count' THEN count(*) FILTER (WHERE b.state = 'in_force' AND b.value > 0)
     WHEN 'max' THEN max(b.value) FILTER (WHERE b.state = 'in_force')
     WHEN 'any' THEN max(b.value) FILTER (WHERE b.state = 'in_force')
     WHEN 'min' THEN min(b.value) FILTER (WHERE b.state = 'in_force')
     WHEN 'all' THEN min(b.value) FILTER (WHERE b.state = 'in_force') END AS assigned
   FROM assignment b WHERE b.indicator_code = w.indicator_code AND b.year = w.year
    AND b.parent_id IS NOT DISTINCT FROM w.assignment_id
  ) s
 ) d JOIN indicator i ON i.code = d.indicator_code
) AS shown"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed by; empty means anything."""

    units: Sequence[str] | None = None
    """Only what these units answer for; none for all."""
    indicator_code: str | None = None
    year: int | None = None
    unit_code: str | None = None
    parent_id: UUID | None = None
    state: Sequence[str] = field(default=())
    updated_since: datetime | None = None

    def conditions(self, *args: Any) -> Conditions:
        where = Conditions(args=list(args))
        if self.units is not None:
            where.add(ANSWERED_FOR, list(self.units))
        for column in ("indicator_code", "year", "unit_code", "parent_id"):
            if (value := getattr(self, column)) is not None:
                where.add(f"{column} = ?", value)
        if self.state:
            where.add("state = ANY(?)", list(self.state))
        if self.updated_since is not None:
            where.add("updated_at >= ?", self.updated_since)
        return where


async def get_for_update(session: Session, assignment_id: UUID) -> Assignment | None:
    return await session.get(Assignment, assignment_id, with_for_update=True)


async def shown(session: Session, assignment_id: UUID) -> asyncpg.Record | None:
    """An assignment as it is read."""
    return await session.fetch_row(f"{_SELECT} WHERE id = $1", assignment_id)


async def count_parts(session: Session, assignment_id: UUID) -> int:
    """How many units its value is divided over."""
    counted = select(func.count()).where(
        Assignment.parent_id == assignment_id, Assignment.state == "in_force"
    )
    return await session.scalar(counted) or 0


async def list_assignments(
    session: Session, page: PageRequest, wanted: Filter, then: Then | None
) -> dict[str, Any]:
    """The parts of now, or as they were then."""
    select, args = (_SELECT, []) if then is None else (_SELECT_THEN, then.args)
    where = wanted.conditions(*args)
    return await fetch_hot_page(session, select, where, page, sortable=SORTABLE, default="id")


async def list_coverage(session: Session, page: PageRequest, wanted: Filter) -> dict[str, Any]:
    """Every milestone, and every assignment that was divided further."""
    return await fetch_hot_page(
        session, _COVERAGE, wanted.conditions(), page, sortable=COVERAGE_SORT, default="id"
    )


async def list_revisions(
    session: Session, page: PageRequest, assignment_id: UUID, updated_since: datetime | None
) -> Page:
    revision = AssignmentRevision
    conditions = given((updated_since, revision.revised_at.__ge__))
    query = select(revision).where(revision.assignment_id == assignment_id, *conditions)
    return await fetch_page(
        session, query, page, sortable=REVISION_SORT, default="-revised_at", key="id"
    )
