"""SQL of the totals: every change is a sum made by the database, so none can be lost."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page, selection
from servicekit.http.paging import PageRequest
from sqlalchemy import Row, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Boolean, Date, Text

from parks.db import TOTAL
from parks.metrics.domain import Contribution, Counted
from parks.metrics.schemas import ParkMetricRead

SORTABLE = {"metric": str, "period": str, "updated_at": datetime, "series": str}
_METRICS = selection(ParkMetricRead, "park_metric")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('park_metric'), :year)")

# A month's first number starts from the month before it in the same year.
_OPEN = text(
    """INSERT INTO park_metric
 (series, metric, period, unit, numerator, denominator, version, created_at, updated_at)
 SELECT c.metric || ':' || :period, c.metric, :period, c.unit, coalesce(before.numerator, 0),
   CASE WHEN c.denominator IS NOT NULL THEN coalesce(before.denominator, 0) END, 0, :now, :now
 FROM unnest(:metrics, :units, :denominators) AS c (metric, unit, denominator)
 LEFT JOIN LATERAL (
   SELECT m.numerator, m.denominator FROM park_metric m
   WHERE m.metric = c.metric AND m.period >= :first AND m.period < :period
   ORDER BY m.period DESC LIMIT 1) AS before ON true
 ON CONFLICT (series) DO NOTHING"""
).bindparams(
    bindparam("period", type_=Text()),
    bindparam("metrics", type_=ARRAY(Text)),
    bindparam("units", type_=ARRAY(Text)),
    bindparam("denominators", type_=ARRAY(TOTAL)),
)

_ADD = text(
    """UPDATE park_metric AS m SET numerator = m.numerator + c.numerator,
 denominator = m.denominator + c.denominator, version = m.version + 1, updated_at = :now
 FROM unnest(:metrics, :numerators, :denominators) AS c (metric, numerator, denominator)
 WHERE m.metric = c.metric AND m.period >= :period AND m.period <= :last
 RETURNING m.series, m.metric, m.period, m.unit, m.value, m.numerator, m.denominator"""
).bindparams(
    bindparam("metrics", type_=ARRAY(Text)),
    bindparam("numerators", type_=ARRAY(TOTAL)),
    bindparam("denominators", type_=ARRAY(TOTAL)),
)

_HIGH_TECH = """SELECT w.metric, w.unit, p.period, (
     SELECT count(DISTINCT r.enterprise_id) FROM recognition r
     JOIN enterprise e ON e.id = r.enterprise_id AND e.merged_into IS NULL
       AND (e.active OR e.inactive_from > p.day)
     WHERE r.kind = 'high_tech' AND r.valid_from <= p.day AND r.valid_to >= p.day)
   FROM wanted w, days p"""

# A platform is of the highest level it had obtained by that day.
_PLATFORMS = """SELECT w.metric, w.unit, p.period, (
     SELECT count(*) FROM platform f
     WHERE f.kind = w.kind AND f.established_on <= p.day
       AND (f.closed_on IS NULL OR f.closed_on > p.day)
       AND (w.seat IS NULL OR CASE w.seat WHEN 'in_parks' THEN f.park_code IS NOT NULL
         ELSE f.enterprise_id IS NOT NULL END)
       AND (NOT w.founded_new OR f.programme IS NOT NULL)
       AND (w.level IS NULL OR w.level = (
         SELECT l.level FROM platform_level l
         WHERE l.platform_id = f.id AND l.recognised_on <= p.day
         ORDER BY array_position(ARRAY['municipal', 'provincial', 'national'], l.level) DESC
         LIMIT 1)))
   FROM wanted w, days p"""


# An empty register knows nothing: a series begins with the first month that has one.
_COUNTING = """WITH wanted AS (
   SELECT * FROM unnest(:metrics, :units, :kinds, :levels, :seats, :founded_new)
     AS w (metric, unit, kind, level, seat, founded_new)),
 days AS (SELECT * FROM unnest(:periods, :days) AS p (period, day)),
 counted (metric, unit, period, number) AS (COUNTED)
 INSERT INTO park_metric AS m
 (series, metric, period, unit, numerator, version, created_at, updated_at)
 SELECT c.metric || ':' || c.period, c.metric, c.period, c.unit, c.number, 1, :now, :now
 FROM counted c
 WHERE c.number > 0 OR EXISTS (
   SELECT FROM park_metric k WHERE k.metric = c.metric AND k.period <= c.period)
 ON CONFLICT (series) DO UPDATE SET numerator = excluded.numerator, version = m.version + 1,
   updated_at = excluded.updated_at
 WHERE m.numerator <> excluded.numerator
 RETURNING m.series, m.metric, m.period, m.unit, m.value, m.numerator, m.denominator"""
_COUNTED = {
    "metrics": "metric",
    "units": "unit",
    "kinds": "kind",
    "levels": "level",
    "seats": "seat",
    "founded_new": "founded_new",
}


def counting(counted: str) -> TextClause:
    """The statement that counts anew, and answers the rows that differ now. `counted` selects
    metric, unit, period and number from `wanted w`, the fields of `Counted`, and `days p`."""
    return text(_COUNTING.replace("COUNTED", counted)).bindparams(
        *(bindparam(name, type_=ARRAY(Text)) for name in _COUNTED if name != "founded_new"),
        bindparam("founded_new", type_=ARRAY(Boolean)),
        bindparam("periods", type_=ARRAY(Text)),
        bindparam("days", type_=ARRAY(Date)),
    )


HIGH_TECH = counting(_HIGH_TECH)
PLATFORMS = counting(_PLATFORMS)


async def lock_year(session: Session, year: int) -> None:
    """One transaction at a time moves the totals of a year. A late month moves the later ones,
    so two that begin different months must not pass each other."""
    await session.execute(_LOCK, {"year": year})


async def add(
    session: Session, period: str, contributions: Sequence[Contribution]
) -> Sequence[Row[Any]]:
    """Add to a month and to the later ones of its year; the rows that moved, by series."""
    year = period[:4]
    moment = now()
    wanted = {
        "metrics": [each.metric for each in contributions],
        "denominators": [each.denominator for each in contributions],
        "period": period,
        "now": moment,
    }
    units = [each.unit for each in contributions]
    await session.execute(_OPEN, wanted | {"units": units, "first": f"{year}-01"})
    numerators = [each.numerator for each in contributions]
    moved = await session.execute(_ADD, wanted | {"numerators": numerators, "last": f"{year}-12"})
    return sorted(moved.all(), key=lambda row: row.series)


async def count(
    session: Session, statement: TextClause, counts: Sequence[Counted], days: dict[str, date]
) -> Sequence[Row[Any]]:
    """Run what `counting` made; the rows that differ now, by series."""
    values = {name: [getattr(each, field) for each in counts] for name, field in _COUNTED.items()}
    of_each_month = {"periods": list(days), "days": list(days.values()), "now": now()}
    moved = await session.execute(statement, values | of_each_month)
    return sorted(moved.all(), key=lambda row: row.series)


async def list_metrics(
    session: Session,
    page: PageRequest,
    *,
    metric: Sequence[str],
    period: Sequence[str],
    updated_since: datetime | None,
) -> dict[str, Any]:
    where = Conditions()
    where.given(
        ("metric = ANY(?)", metric or None),
        ("period = ANY(?)", period or None),
        ("updated_at >= ?", updated_since),
    )
    return await fetch_hot_page(
        session, _METRICS, where, page, sortable=SORTABLE, default="-period", key="series"
    )
