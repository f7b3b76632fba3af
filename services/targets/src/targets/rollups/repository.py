"""SQL of the kept roll-up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
from servicekit.db import Session
from sqlalchemy import delete
from targets.moments.domain import Then
from targets.rollups.domain import Course
from targets.rollups.models import RollUp
from targets.totals.domain import Rule, Total, mark, result

COLUMNS = (
    "indicator_code", "unit_code", "since", "actual", "units", "reporting",
    "amount", "numerator", "denominator", "period", "observation_id", "recorded_at",
)  # fmt: skip
_COURSES = """
SELECT unit_code, since, units, reporting, amount, numerator, denominator, period, observation_id
FROM roll_up
WHERE indicator_code = $1 AND unit_code = ANY($2::text[]) AND since BETWEEN $3 AND $4
UNION ALL
SELECT r.* FROM unnest($2::text[]) AS node, LATERAL (
    SELECT unit_code, since,
           units, reporting, amount, numerator, denominator, period, observation_id
    FROM roll_up
    WHERE indicator_code = $1 AND unit_code = node AND since < $3 ORDER BY since DESC LIMIT 1
) r
"""
_PAST = """
INSERT INTO roll_up_past (indicator_code, unit_code, since, actual, units, reporting, period,
 known_from, known_to)
SELECT indicator_code, unit_code, since, actual, units, reporting, period, recorded_at, {moment}
FROM roll_up WHERE recorded_at < {moment} AND
"""
_SAME_ROW = "indicator_code = $1 AND unit_code = $2 AND since = $3 ON CONFLICT DO NOTHING"
_KEEP = f"""
WITH past AS ({_PAST.format(moment="$12::timestamptz")} {_SAME_ROW})
INSERT INTO roll_up (indicator_code, unit_code, since, actual, units, reporting,
 amount, numerator, denominator, period, observation_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (indicator_code, unit_code, since) DO UPDATE SET actual = excluded.actual,
 units = excluded.units, reporting = excluded.reporting, amount = excluded.amount,
 numerator = excluded.numerator, denominator = excluded.denominator, period = excluded.period,
 observation_id = excluded.observation_id, recorded_at = excluded.recorded_at
"""  # noqa: S608 - constants only
_CHILDREN = """
SELECT p.unit, r.* FROM unit_placement p LEFT JOIN LATERAL (
    SELECT since, units, reporting, amount, numerator, denominator, period, observation_id
    FROM roll_up
    WHERE indicator_code = $1 AND unit_code = p.unit AND since BETWEEN $4 AND $3
    ORDER BY since DESC LIMIT 1
) r ON true
WHERE (p.parent = $2 OR $2 = '' AND p.parent IS NULL) AND p.since <= $3 AND $3 < p.until
"""
_LATEST = """
SELECT period, actual FROM roll_up
WHERE indicator_code = $1 AND unit_code = '' AND units > 0 ORDER BY since DESC LIMIT 1
"""
_HISTORY = """
SELECT period, actual FROM (
    SELECT DISTINCT ON (period) period, since, actual FROM roll_up
    WHERE indicator_code = $1 AND unit_code = '' AND units > 0 ORDER BY period, since DESC
) each ORDER BY since
"""
_DAYS = "SELECT unit_code, since FROM roll_up WHERE indicator_code = $1"


def then_table(first: int) -> str:
    """What `roll_up` was, to stand in its place in a statement whose parameters from `$first` on
    are `Then.args`. Each row is looked up by its own key, so that a board is as many look-ups as
    it has rows, however many numbers there are."""
    as_of, known_at, told_by = (f"${first + place}" for place in range(3))
    return f"""(
 SELECT c.indicator_code, c.unit_code, c.since, v.* FROM roll_up c
 CROSS JOIN LATERAL (SELECT CASE WHEN c.since <= {as_of}::date THEN {known_at}::timestamptz
  ELSE {told_by}::timestamptz END AS moment) k
 CROSS JOIN LATERAL (
  SELECT c.period, c.actual, c.units, c.reporting, c.recorded_at WHERE c.recorded_at <= k.moment
  UNION ALL
  (SELECT p.period, p.actual, p.units, p.reporting, p.known_from FROM roll_up_past p
   WHERE c.recorded_at > k.moment AND p.indicator_code = c.indicator_code
    AND p.unit_code = c.unit_code AND p.since = c.since AND p.known_to > k.moment
   ORDER BY p.known_to LIMIT 1)) v
 WHERE v.recorded_at <= k.moment
  AND (c.since <= {as_of}::date OR {told_by}::timestamptz = {known_at}::timestamptz
   OR length(v.period) = 4))"""  # noqa: S608 - constants only


_HISTORIES_THEN = f"""
SELECT indicator_code, period, actual FROM (
    SELECT DISTINCT ON (indicator_code, period) indicator_code, period, since, actual
    FROM {then_table(2)} roll_up
    WHERE indicator_code = ANY($1::text[]) AND unit_code = '' AND units > 0
    ORDER BY indicator_code, period, since DESC
) each ORDER BY indicator_code, since
"""  # noqa: S608 - constants only
_TOLD_OF = """
SELECT DISTINCT indicator_code FROM roll_up WHERE unit_code = $1 ORDER BY indicator_code
"""
_NOT_ROLLED_UP = """
SELECT code FROM indicator i
WHERE EXISTS (SELECT FROM current_observation o WHERE o.indicator_code = i.code)
  AND NOT EXISTS (SELECT FROM roll_up r WHERE r.indicator_code = i.code AND unit_code = '')
ORDER BY code
"""


async def courses(
    session: Session, code: str, rule: Rule, nodes: Iterable[str], since: date, until: date
) -> dict[str, Course]:
    """The nodes' totals between two days, and what stands before them."""
    wanted = list(nodes)
    found: dict[str, dict[date, Total | None]] = defaultdict(dict)
    for row in await session.fetch(_COURSES, code, wanted, since, until):
        found[row["unit_code"]][row["since"]] = total_of(row)
    return {node: Course(rule, found[node]) for node in wanted}


async def children_totals(
    session: Session, code: str, rule: Rule, node: str, day: date
) -> dict[str, Total | None]:
    """What stands directly under a node on a day, with its total then."""
    rows = await session.fetch(_CHILDREN, code, node, day, rule.first_day(day))
    totals: dict[str, Total | None] = {}
    for row in rows:
        own = {} if row["since"] is None else {row["since"]: total_of(row)}
        totals[row["unit"]] = Course(rule, own).at(day)
    return totals


def total_of(row: asyncpg.Record) -> Total | None:
    if row["units"] == 0:
        return None
    return Total(
        units=row["units"],
        reporting=row["reporting"],
        amount=row["amount"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        latest=mark(row["period"], row["observation_id"]),
    )


async def days_of(session: Session, code: str) -> list[tuple[str, date]]:
    """Each node and day with a row."""
    return [(row["unit_code"], row["since"]) for row in await session.fetch(_DAYS, code)]


async def latest(session: Session, code: str) -> asyncpg.Record | None:
    """The city's actual at the latest period with a number."""
    return await session.fetch_row(_LATEST, code)


async def history(session: Session, code: str) -> list[asyncpg.Record]:
    """The city's actual at the end of each period with a number, oldest first."""
    return await session.fetch(_HISTORY, code)


async def histories_then(
    session: Session, codes: Sequence[str], then: Then
) -> dict[str, list[tuple[str, Decimal]]]:
    """The city's actual at the end of each period with a number, oldest first, by indicator, as
    it was then."""
    found: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in await session.fetch(_HISTORIES_THEN, list(codes), *then.args):
        found[row["indicator_code"]].append((row["period"], row["actual"]))
    return found


async def indicators_of(session: Session, node: str) -> list[str]:
    """The indicators that a unit or one below it has told a number of."""
    return [row["indicator_code"] for row in await session.fetch(_TOLD_OF, node)]


async def not_rolled_up(session: Session) -> list[str]:
    """Indicators with numbers and without a roll-up: those of the time before it was kept."""
    return [row["code"] for row in await session.fetch(_NOT_ROLLED_UP)]


async def write(
    session: Session,
    code: str,
    rule: Rule,
    changed: Iterable[tuple[str, date, Total | None]],
    moment: datetime,
) -> None:
    """Store the totals that have changed, known from this moment on; what they were is kept."""
    rows = [(*values_of(code, rule, *each), moment) for each in changed]
    await (await session.driver()).executemany(_KEEP, rows)


async def replace_all(
    session: Session,
    code: str,
    rule: Rule,
    totals: Mapping[str, Mapping[date, Total | None]],
    moment: datetime,
) -> None:
    """Store an indicator's whole roll-up in the place of the one there is, which is kept."""
    past = f"{_PAST.format(moment='$2::timestamptz')} indicator_code = $1 ON CONFLICT DO NOTHING"
    await (await session.driver()).execute(past, code, moment)
    await session.execute(delete(RollUp).where(RollUp.indicator_code == code))
    rows = [
        (*values_of(code, rule, node, day, total), moment)
        for node, course in totals.items()
        for day, total in course.items()
    ]
    driver = await session.driver()
    await driver.copy_records_to_table("roll_up", records=rows, columns=COLUMNS)


def values_of(code: str, rule: Rule, node: str, day: date, total: Total | None) -> tuple[Any, ...]:
    """The columns before `recorded_at`."""
    if total is None:
        return (code, node, day, None, 0, 0, 0, 0, 0, None, None)
    return (
        code,
        node,
        day,
        result(rule, total),
        total.units,
        total.reporting,
        total.amount,
        total.numerator,
        total.denominator,
        total.latest.period,
        total.latest.observation_id,
    )
