"""Every statement on assessments, their records and their scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select, update

from supervision.assessments.models import Assessment, AssessmentScore

# $1 and $2 are the first and the last day, $3 the units.
_RECORDS = """
SELECT 'indicator' AS kind, indicator_code AS ref, lead_unit AS unit, name AS label,
 status AS light FROM indicator_standing WHERE lead_unit = ANY($3::text[])
UNION ALL
SELECT 'report_' || kind, id::text, unit_code, indicator_code || ' ' || period, ''
 FROM report_lapse WHERE happened_on BETWEEN $1 AND $2 AND unit_code = ANY($3)
UNION ALL
SELECT 'work_report_late', r.id::text, r.unit_code, m.period, ''
 FROM work_report r JOIN meeting m ON m.id = r.meeting_id
 WHERE r.late AND coalesce(m.held_on, m.scheduled_on) BETWEEN $1 AND $2 AND r.unit_code = ANY($3)
UNION ALL
SELECT 'item_overdue', id::text, responsible_unit, number || ' ' || title, ''
 FROM supervision_item WHERE (overdue_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN $1 AND $2
 AND responsible_unit = ANY($3)
UNION ALL
SELECT 'item_returned', s.id::text, i.responsible_unit, i.number || ' ' || i.title, ''
 FROM supervision_item_step s JOIN supervision_item i ON i.id = s.item_id
 WHERE s.action = 'return' AND i.responsible_unit = ANY($3)
 AND (s.created_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN $1 AND $2
ORDER BY 1, 2, 3
"""
_ASSESSED = """
SELECT DISTINCT u.code FROM unit_node u WHERE u.active AND u.kind <> 'working_group' AND (
 EXISTS (SELECT FROM indicator_standing s WHERE s.lead_unit = u.code)
 OR EXISTS (SELECT FROM supervision_item i WHERE i.responsible_unit = u.code)) ORDER BY 1
"""
_KNOWN = "SELECT code FROM unit_node WHERE active AND code = ANY($1::text[])"
_GROUPS = """
SELECT g.code AS group_code, u.code AS unit_code FROM unit_node u
 JOIN unit_node g ON g.code = ANY(u.parents) AND g.kind = 'working_group' AND g.active
 WHERE u.code = ANY($1::text[]) ORDER BY 1, 2
"""


SORTABLE = {
    "id": Assessment.id,
    "period_end": Assessment.period_end,
    "updated_at": Assessment.updated_at,
}
SCORES_SORTABLE = {
    "id": AssessmentScore.id,
    "place": AssessmentScore.place,
    "total": AssessmentScore.total,
    "unit_code": AssessmentScore.unit_code,
    "updated_at": AssessmentScore.updated_at,
}


@dataclass(frozen=True, slots=True)
class ScoreFilter:
    """What a list of scores may be narrowed to; an empty filter narrows nothing."""

    assessment_id: UUID | None = None
    unit_code: str | None = None
    kind: Sequence[str] = ()
    updated_since: datetime | None = None


async def records(
    session: Session, start: date, end: date, units: Sequence[str]
) -> list[dict[str, str]]:
    """What happened to these units in the period, in one statement and one order."""
    return [dict(row) for row in await session.fetch(_RECORDS, start, end, list(units))]


async def assessed(session: Session) -> list[str]:
    return [row["code"] for row in await session.fetch(_ASSESSED)]


async def known(session: Session, units: Sequence[str]) -> set[str]:
    return {row["code"] for row in await session.fetch(_KNOWN, list(units))}


async def groups(session: Session, units: Sequence[str]) -> dict[str, list[str]]:
    """The working groups that lead these units, with those of them they lead."""
    found: dict[str, list[str]] = {}
    for row in await session.fetch(_GROUPS, list(units)):
        found.setdefault(row["group_code"], []).append(row["unit_code"])
    return found


async def get(session: Session, assessment_id: UUID, *, lock: bool = False) -> Assessment:
    """Raises `NotFound`."""
    query = select(Assessment).where(Assessment.id == assessment_id)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(what=f"assessment {assessment_id}")
    return found


async def get_score(session: Session, score_id: UUID) -> AssessmentScore:
    """Raises `NotFound`."""
    found = await session.get(AssessmentScore, score_id)
    if found is None:
        raise NotFound(what=f"assessment score {score_id}")
    return found


async def scores_of(session: Session, assessment_id: UUID) -> Mapping[str, AssessmentScore]:
    query = select(AssessmentScore).where(AssessmentScore.assessment_id == assessment_id)
    return {row.unit_code: row for row in await session.scalars(query)}


async def publish_scores(session: Session, assessment_id: UUID) -> None:
    await session.execute(
        update(AssessmentScore)
        .where(AssessmentScore.assessment_id == assessment_id)
        .values(published=True, version=AssessmentScore.version + 1)
    )


async def list_assessments(
    session: Session, page: PageRequest, state: Sequence[str], updated_since: datetime | None
) -> Page[Any]:
    query = select(Assessment).where(
        *given((state or None, Assessment.state.in_), (updated_since, Assessment.updated_at.__ge__))
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")


async def list_scores(
    session: Session, page: PageRequest, units: Sequence[str] | None, filters: ScoreFilter
) -> Page[Any]:
    """Scores of the given units as they were published (none: of all, also what is a preview)."""
    row = AssessmentScore
    query = select(row).where(
        *given(
            (units, lambda codes: row.unit_code.in_(codes) & row.published),
            (filters.assessment_id, row.assessment_id.__eq__),
            (filters.unit_code, row.unit_code.__eq__),
            (filters.kind or None, row.kind.in_),
            (filters.updated_since, row.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=SCORES_SORTABLE, default="place")
