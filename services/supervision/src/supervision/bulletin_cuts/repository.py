"""The cut in one statement: it sees one state of the database, so that its parts agree."""

from datetime import date
from typing import Any

from servicekit.db import Session

from supervision.board.repository import BOARD, all_units

# $1 to $6 are the board's, $7 and $8 the first and the last day that are told about. Numbers leave
# as text: JSON's own would be rounded.
_CUT = """
WITH board AS (%BOARD%),
period AS (
 SELECT $7::date AS first, $8::date AS last, extract(year FROM $8::date)::int AS fiscal_year
),
late AS (
 SELECT number, title, responsible_unit, due_on::text AS due_on FROM supervision_item
 WHERE status IN ('issued', 'acknowledged', 'in_progress') AND due_on < $1
),
told AS (
 SELECT r.unit_code, r.good_practice, r.problems, m.held_on
 FROM work_report r JOIN meeting m ON m.id = r.meeting_id, period p
 WHERE m.status <> 'withdrawn' AND coalesce(m.held_on, m.scheduled_on) BETWEEN p.first AND p.last
),
metric AS (
 SELECT DISTINCT ON (metric) metric, period, value::text AS value, unit FROM park_figure
 ORDER BY metric, left(period, 4) DESC, period DESC
)
SELECT jsonb_build_object(
 'indicators', (SELECT coalesce(jsonb_agg(jsonb_build_object(
   'indicator_code', indicator_code, 'name', name, 'unit', unit, 'lead_unit', lead_unit,
   'period', period, 'actual', actual::text, 'expected', expected::text, 'status', status)
   ORDER BY indicator_code), '[]') FROM indicator_standing),
 'status_changes', (SELECT coalesce(jsonb_agg(jsonb_build_object(
   'indicator_code', indicator_code, 'name', name, 'period', period,
   'previous_status', previous_status, 'status', status, 'reason_zh', reason_zh,
   'reason_en', reason_en, 'changed_at', changed_at) ORDER BY changed_at, c.id), '[]')
   FROM standing_change c, period p
   WHERE (changed_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN p.first AND p.last),
 'board', (SELECT coalesce(jsonb_agg(jsonb_build_object(
   'unit_code', unit_code, 'open', open, 'overdue', overdue, 'red', red, 'amber', amber,
   'green', green, 'closed', closed, 'mean_days_to_close', mean_days_to_close::text)
   ORDER BY unit_code), '[]') FROM board),
 'overdue_items', (SELECT coalesce(jsonb_agg(to_jsonb(late) ORDER BY number), '[]') FROM late),
 'issued_in_period', (SELECT count(*) FROM supervision_item, period p
   WHERE issued_on BETWEEN p.first AND p.last),
 'closed_in_period', (SELECT count(*) FROM supervision_item, period p WHERE status = 'closed'
   AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN p.first AND p.last),
 'reports', (SELECT coalesce(jsonb_agg(jsonb_build_object(
   'unit_code', unit_code, 'good_practice', left(good_practice, $9), 'problems',
   left(problems, $9)) ORDER BY unit_code, held_on), '[]') FROM told),
 'funds', (SELECT coalesce(jsonb_agg(jsonb_build_object('fund_code', fund_code,
   'fiscal_year', f.fiscal_year, 'appropriated', appropriated::text, 'disbursed',
   disbursed::text, 'refunded', refunded::text) ORDER BY fund_code), '[]')
   FROM fund_figure f JOIN period USING (fiscal_year)),
 'rules', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule_code', rule_code,
   'fiscal_year', r.fiscal_year, 'kept', kept, 'actual', actual::text, 'threshold',
   threshold::text, 'unit', unit) ORDER BY rule_code), '[]')
   FROM rule_standing r JOIN period USING (fiscal_year)),
 'park_metrics', (SELECT coalesce(jsonb_agg(to_jsonb(m) ORDER BY metric), '[]') FROM metric m)
) AS figures
""".replace("%BOARD%", BOARD)
QUOTED = 500
"""Characters of a work report that are quoted at most."""
_NAMES = "SELECT code, name FROM unit_node WHERE code = ANY($1::text[])"


async def cut(session: Session, today: date, soon: date, start: date, end: date) -> dict[str, Any]:
    """All figures, numbers as text; `soon` is the last deadline that stands at amber."""
    arguments = (*all_units(today, soon), start, end, QUOTED)
    row = await session.fetch_row(_CUT, *arguments)
    assert row is not None
    return row["figures"]


async def names(session: Session, units: list[str]) -> dict[str, str]:
    """The units' names by their codes, as far as they are known."""
    return {row["code"]: row["name"] for row in await session.fetch(_NAMES, units)}
