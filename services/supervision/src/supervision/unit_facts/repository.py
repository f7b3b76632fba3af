"""Statements on what was heard."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime

import asyncpg
from servicekit.db import Session
from sqlalchemy import delete, select, text

from supervision.unit_facts.domain import Fact, FactKind
from supervision.unit_facts.models import UnitFact

# A group reports for the units it leads, a unit for itself and those below it.
_BELOW = """
WITH RECURSIVE below AS (
    SELECT unnest($1::text[]) AS code
    UNION
    SELECT u.code FROM unit_node u JOIN below b ON b.code = ANY(u.parents)
) SELECT code FROM below
"""
_KEEP = text("""
INSERT INTO unit_fact AS f (kind, key, units, name, period, value, target, measure, status, note,
                            happened_at)
VALUES (:kind, :key, CAST(:units AS text[]), :name, :period, CAST(:value AS numeric),
        CAST(:target AS numeric), :measure, :status, :note, :happened_at)
ON CONFLICT (kind, key) DO UPDATE SET
  units = ARRAY(SELECT DISTINCT unnest(f.units || excluded.units) ORDER BY 1),
  name = coalesce(excluded.name, f.name), period = coalesce(excluded.period, f.period),
  value = coalesce(excluded.value, f.value), target = coalesce(excluded.target, f.target),
  measure = coalesce(excluded.measure, f.measure), status = coalesce(excluded.status, f.status),
  note = coalesce(excluded.note, f.note), happened_at = excluded.happened_at,
  updated_at = clock_timestamp()
""")
# The reason is that of the last change of its light.
_INDICATORS = """
SELECT s.indicator_code, s.name, s.period, s.actual, s.expected, s.unit, s.status, s.told_at,
       array(SELECT DISTINCT unnest(s.units || s.lead_unit) ORDER BY 1) AS units, c.reason_zh
  FROM indicator_standing s LEFT JOIN LATERAL (
    SELECT reason_zh FROM standing_change WHERE indicator_code = s.indicator_code
     ORDER BY changed_at DESC, id DESC LIMIT 1) c ON true
 WHERE s.lead_unit = ANY($1::text[]) OR s.units && $1::text[]
 ORDER BY s.told_at DESC, s.indicator_code LIMIT $2
"""
_OPEN_ITEMS = """
SELECT id, number, title, responsible_unit, status, due_on, due_on < $2::date
       AND status IN ('issued', 'acknowledged', 'in_progress') AS overdue
  FROM supervision_item
 WHERE responsible_unit = ANY($1::text[]) AND status NOT IN ('closed', 'cancelled')
 ORDER BY due_on, number LIMIT $3
"""


async def keep(session: Session, fact: Fact) -> None:
    """The newest that was heard of it; what an event does not say stays as another said it."""
    await session.execute(_KEEP, asdict(fact) | {"units": list(fact.units)})


async def forget(session: Session, kind: FactKind, key: str) -> None:
    await session.execute(delete(UnitFact).where(UnitFact.kind == kind, UnitFact.key == key))


async def below(session: Session, units: Sequence[str]) -> list[str]:
    """The units themselves and all below them."""
    return [row["code"] for row in await session.fetch(_BELOW, list(units))]


async def of_units(
    session: Session,
    units: Sequence[str],
    *,
    kinds: Collection[FactKind],
    since: datetime | None = None,
    limit: int = 200,
) -> list[Fact]:
    """What was heard of these units, the latest first."""
    row = UnitFact
    query = select(row).where(row.kind.in_(kinds), row.units.overlap(list(units)))
    if since is not None:
        query = query.where(row.happened_at >= since)
    query = query.order_by(row.happened_at.desc(), row.key).limit(limit)
    return [
        Fact(
            kind=FactKind(each.kind),
            key=each.key,
            units=tuple(each.units),
            happened_at=each.happened_at,
            name=each.name,
            period=each.period,
            value=each.value,
            target=each.target,
            measure=each.measure,
            status=each.status,
            note=each.note,
        )
        for each in await session.scalars(query)
    ]


async def indicators(session: Session, units: Sequence[str], limit: int = 200) -> list[Fact]:
    """The indicators these units lead or are part of, as the figures have them."""
    return [
        Fact(
            kind=FactKind.INDICATOR,
            key=row["indicator_code"],
            units=tuple(unit for unit in row["units"] if unit is not None),
            happened_at=row["told_at"],
            name=row["name"],
            period=row["period"],
            value=row["actual"],
            target=row["expected"],
            measure=row["unit"],
            status=row["status"],
            note=row["reason_zh"],
        )
        for row in await session.fetch(_INDICATORS, list(units), limit)
    ]


async def open_items(
    session: Session, units: Sequence[str], today: date, limit: int = 200
) -> list[asyncpg.Record]:
    """Items of these units that are open: `id, number, title, responsible_unit, status, due_on,
    overdue`."""
    return await session.fetch(_OPEN_ITEMS, list(units), today, limit)
