"""SQL of the boards: reads of the kept roll-up, at driver level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest
from targets.assignments import repository as assignments
from targets.directory.repository import tree_then
from targets.moments.domain import Then
from targets.revisions.repository import targets_then
from targets.rollups import repository as rollups

BOARD_SORT = {"indicator_code": str, "updated_at": datetime}
SERIES_SORT = {"ends_on": date, "updated_at": datetime}
BREAKDOWN_SORT = {"unit_code": str, "updated_at": datetime}
CONCERNED = "(lead_unit = ANY(?) OR working_group = ANY(?) OR supporting_units && ?)"
# A month's end a year ago is a month's end, also in a leap year.
_BOARD = """SELECT indicator_code, name_zh, name_en, headline, kind, unit, lead_unit, working_group,
 period, actual, coalesce(units, 0) AS units, coalesce(reporting, 0) AS reporting,
 year_ago, round((actual - year_ago) / nullif(abs(year_ago), 0), 6) AS growth,
 round((actual - baseline_value) / nullif(abs(baseline_value), 0), 6) AS baseline_growth,
 target, round(actual / nullif(target, 0), 6) AS completion, points, updated_at
FROM (
 SELECT i.code AS indicator_code, i.name_zh, i.name_en, i.headline, i.programme, i.kind, i.unit,
  i.lead_unit, i.working_group, i.supporting_units, {baseline_value} AS baseline_value,
  r.period, r.actual, r.units, r.reporting, b.actual AS year_ago, t.target,
  coalesce(p.points, '[]') AS points, greatest(i.updated_at, r.recorded_at) AS updated_at
 FROM indicator i
 CROSS JOIN LATERAL (SELECT i.time_aggregation IN ('latest', 'max', 'any') AS carries) c
 LEFT JOIN LATERAL (
  SELECT * FROM {roll_up} r WHERE indicator_code = i.code AND unit_code = $1 AND since <= $2
   AND since >= CASE WHEN c.carries OR $3::int IS NULL THEN '-infinity'
    ELSE make_date($3, 1, 1) END
  ORDER BY since DESC LIMIT 1) r ON true
 LEFT JOIN LATERAL (
  SELECT actual FROM {roll_up} y WHERE indicator_code = i.code AND unit_code = $1
   AND since <= (r.since + 1 - interval '1 year')::date - 1
   AND since >= CASE WHEN c.carries THEN '-infinity'
    ELSE date_trunc('year', r.since - interval '1 year')::date END
  ORDER BY since DESC LIMIT 1) b ON true
 LEFT JOIN LATERAL (
  SELECT m.value AS target FROM {milestone} m WHERE $1 = '' AND m.indicator_code = i.code
   AND m.year = coalesce($3, extract(year FROM r.since))
  UNION ALL
  SELECT a.value FROM {assignment} a WHERE a.unit_code = $1 AND a.state = 'in_force'
   AND a.indicator_code = i.code AND a.year = coalesce($3, extract(year FROM r.since))) t ON true
 LEFT JOIN LATERAL (
  SELECT json_agg(json_build_object('period', period, 'actual', trim_scale(actual)::text,
   'reporting', reporting) ORDER BY since) AS points
  FROM (SELECT * FROM {roll_up} r WHERE indicator_code = i.code AND unit_code = $1 AND since <= $2
   AND reporting > 0 ORDER BY since DESC LIMIT $4) last) p ON true{known}
) AS board"""
_SERIES = """SELECT period, actual, units, reporting, ends_on, year_ago,
 round((actual - year_ago) / nullif(abs(year_ago), 0), 6) AS growth, updated_at
FROM (
 SELECT r.period, r.actual, r.units, r.reporting, r.since AS ends_on, b.actual AS year_ago,
  r.recorded_at AS updated_at
 FROM {roll_up} r LEFT JOIN LATERAL (
  SELECT actual FROM {roll_up} y WHERE indicator_code = $1 AND unit_code = $2
   AND since <= (r.since + 1 - interval '1 year')::date - 1
   AND since >= CASE WHEN $3 THEN '-infinity'
    ELSE date_trunc('year', r.since - interval '1 year')::date END
  ORDER BY since DESC LIMIT 1) b ON true
 WHERE r.indicator_code = $1 AND r.unit_code = $2 AND r.reporting > 0
) AS series"""
_BREAKDOWN = """{tree}
SELECT unit_code, name_zh, name_en, kind, below, period, actual, units, reporting,
 target, round(actual / nullif(target, 0), 6) AS completion, updated_at
FROM (
 SELECT u.code AS unit_code, u.name_zh, u.name_en, u.kind, r.period, r.actual,
  coalesce(r.units, 0) AS units, coalesce(r.reporting, 0) AS reporting, a.value AS target,
  greatest(u.updated_at, r.recorded_at) AS updated_at,
  (SELECT count(*)::int FROM {placement} o
   WHERE o.parent = u.code AND o.since <= $3 AND $3 < o.until) AS below
 FROM {placement} p JOIN unit u ON u.code = p.unit
 LEFT JOIN LATERAL (
  SELECT * FROM {roll_up} r WHERE indicator_code = $1 AND unit_code = u.code
   AND since BETWEEN $4 AND $3 ORDER BY since DESC LIMIT 1) r ON true
 LEFT JOIN {assignment} a ON a.indicator_code = $1 AND a.unit_code = u.code
  AND a.year = extract(year FROM $3::date) AND a.state = 'in_force'
 WHERE (p.parent = $2 OR $2 = '' AND p.parent IS NULL) AND p.since <= $3 AND $3 < p.until
) AS breakdown"""
_FIGURE = """
SELECT period, actual, units, reporting FROM {roll_up} r
WHERE indicator_code = $1 AND unit_code = $2 AND since BETWEEN $4 AND $3
ORDER BY since DESC LIMIT 1
"""
_LATEST_DAY = """
SELECT since FROM {roll_up} r WHERE indicator_code = $1 AND unit_code = $2 AND reporting > 0
ORDER BY since DESC LIMIT 1
"""
_TODAY = {
    "baseline_value": "i.baseline_value",
    "known": "",
    "milestone": "milestone",
    "assignment": "assignment",
    "roll_up": "roll_up",
    "tree": "",
    "placement": "unit_placement",
}


def _then(first: int, day: str = "$2") -> dict[str, str]:
    """The same as it was: what stands in the place of each table, where the parameters from
    `$first` on are `Then.args` and `day` is the day the tree is asked for."""
    as_of, known_at = f"${first}::date", f"${first + 1}::timestamptz"
    baseline, tree = targets_then(first, "baseline"), tree_then(f"least({day}, {as_of})", known_at)
    return {
        "baseline_value": f"(SELECT value FROM {baseline} t"  # noqa: S608 - constants only
        " WHERE indicator_code = i.code)",
        "known": f"\n WHERE i.created_at <= {known_at}",
        "milestone": targets_then(first, "NOT baseline"),
        "assignment": assignments.then_table(first),
        "roll_up": rollups.then_table(first),
        "tree": f"WITH tree AS MATERIALIZED ({tree})\n",
        "placement": "tree",
    }


def _sql(text: str, first: int, then: Then | None, day: str = "$2") -> tuple[str, list[Any]]:
    """The statement about now, or about then, and the values of its last parameters."""
    if then is None:
        return text.format(**_TODAY), []
    return text.format(**_then(first, day)), then.args


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the board is narrowed by. `concerned` are the units whose indicators may be seen, none
    for all."""

    concerned: Sequence[str] | None
    indicator_code: Sequence[str] | None
    programme: str | None
    headline: bool | None
    working_group: str | None
    updated_since: datetime | None


async def fetch_board(
    session: Session,
    page: PageRequest,
    wanted: BoardFilter,
    *,
    node: str,
    day: date,
    year: int | None,
    points: int,
    then: Then | None,
) -> dict[str, Any]:
    """The indicators with the node's figures on a day."""
    select, args = _sql(_BOARD, 5, then)
    where = Conditions(args=[node, day, year, points, *args])
    if wanted.concerned is not None:
        where.add(CONCERNED, list(wanted.concerned))
    if wanted.indicator_code is not None:
        where.add("indicator_code = ANY(?)", list(wanted.indicator_code))
    for column in ("programme", "headline", "working_group"):
        if (value := getattr(wanted, column)) is not None:
            where.add(f"{column} = ?", value)
    if wanted.updated_since is not None:
        where.add("updated_at >= ?", wanted.updated_since)
    return await fetch_hot_page(
        session, select, where, page,
        sortable=BOARD_SORT, default="indicator_code", key="indicator_code",
    )  # fmt: skip


async def fetch_series(
    session: Session,
    page: PageRequest,
    code: str,
    node: str,
    *,
    carries: bool,
    ends_gte: date | None,
    ends_lte: date | None,
    updated_since: datetime | None,
    then: Then | None,
) -> dict[str, Any]:
    """The node's figure at the end of each period with a number."""
    select, args = _sql(_SERIES, 4, then)
    where = Conditions(args=[code, node, carries, *args])
    for condition, value in (
        ("ends_on >= ?", ends_gte),
        ("ends_on <= ?", ends_lte),
        ("updated_at >= ?", updated_since),
    ):
        if value is not None:
            where.add(condition, value)
    return await fetch_hot_page(
        session, select, where, page, sortable=SERIES_SORT, default="ends_on", key="ends_on"
    )


async def fetch_breakdown(
    session: Session,
    page: PageRequest,
    code: str,
    node: str,
    *,
    day: date,
    first: date,
    updated_since: datetime | None,
    then: Then | None,
) -> dict[str, Any]:
    """What stands directly under the node on a day; `first` is the first day that still counts."""
    select, args = _sql(_BREAKDOWN, 5, then, day="$3")
    where = Conditions(args=[code, node, day, first, *args])
    if updated_since is not None:
        where.add("updated_at >= ?", updated_since)
    return await fetch_hot_page(
        session, select, where, page,
        sortable=BREAKDOWN_SORT, default="unit_code", key="unit_code",
    )  # fmt: skip


async def figure(
    session: Session, code: str, node: str, day: date, first: date, then: Then | None
) -> asyncpg.Record | None:
    """What a node comes to on a day."""
    sql, args = _sql(_FIGURE, 5, then)
    return await session.fetch_row(sql, code, node, day, first, *args)


async def latest_day(session: Session, code: str, node: str, then: Then | None) -> date | None:
    """The end of the latest period with a number."""
    sql, args = _sql(_LATEST_DAY, 3, then)
    row = await session.fetch_row(sql, code, node, *args)
    return row["since"] if row else None
