"""SQL of the totals: every change is a sum made by the database, so none can be lost."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Row, Select, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Date, Text

from parks.db import TOTAL
from parks.metrics.domain import Contribution
from parks.metrics.models import ParkMetric

SORTABLE = {
    "metric": ParkMetric.metric,
    "period": ParkMetric.period,
    "updated_at": ParkMetric.updated_at,
    "series": ParkMetric.series,
}
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

# An empty register knows nothing: the series begins with the first month that has one.
_COUNT_HIGH_TECH = text(
    """INSERT INTO park_metric AS m
 (series, metric, period, unit, numerator, version, created_at, updated_at)
 SELECT :metric || ':' || c.period, :metric, c.period, :unit, c.enterprises, 1, :now, :now
 FROM (
   SELECT p.period, (
     SELECT count(DISTINCT r.enterprise_id) FROM recognition r
     JOIN enterprise e ON e.id = r.enterprise_id AND e.active
     WHERE r.kind = 'high_tech' AND r.valid_from <= p.day AND r.valid_to >= p.day)
   FROM unnest(:periods, :days) AS p (period, day)) AS c (period, enterprises)
 WHERE c.enterprises > 0 OR EXISTS (
   SELECT FROM park_metric k WHERE k.metric = :metric AND k.period <= c.period)
 ON CONFLICT (series) DO UPDATE SET numerator = excluded.numerator, version = m.version + 1,
   updated_at = excluded.updated_at
 WHERE m.numerator <> excluded.numerator
 RETURNING m.series, m.metric, m.period, m.unit, m.value, m.numerator, m.denominator"""
).bindparams(
    bindparam("metric", type_=Text()),
    bindparam("periods", type_=ARRAY(Text)),
    bindparam("days", type_=ARRAY(Date)),
)


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


async def count_high_tech(
    session: Session, metric: str, unit: str, days: dict[str, date]
) -> Sequence[Row[Any]]:
    """Count the recognised enterprises on one day of each month; the rows that differ now."""
    moved = await session.execute(
        _COUNT_HIGH_TECH,
        {
            "metric": metric,
            "unit": unit,
            "periods": list(days),
            "days": list(days.values()),
            "now": now(),
        },
    )
    return sorted(moved.all(), key=lambda row: row.series)


async def fetch(
    session: Session,
    page: PageRequest,
    *,
    metric: Sequence[str],
    period: Sequence[str],
    updated_since: datetime | None,
) -> Page:
    query: Select[Any] = select(ParkMetric)
    if metric:
        query = query.where(ParkMetric.metric.in_(metric))
    if period:
        query = query.where(ParkMetric.period.in_(period))
    if updated_since is not None:
        query = query.where(ParkMetric.updated_at >= updated_since)
    return await fetch_page(
        session, query, page, sortable=SORTABLE, default="-period", key="series"
    )
