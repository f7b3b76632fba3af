"""SQL of the missing returns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Boolean, Date, Text

from parks.deadlines.domain import Asked
from parks.enterprises.repository import ANSWERED_FOR

SORTABLE = {"name": str, "uscc": str, "due_on": date, "updated_at": datetime, "enterprise_id": UUID}
_COMPARED = {"updated_at": ">= ?", "enterprise_class": "= ANY(?)"}
MOST = 500
"""Reminders told at a time."""

# Nothing was owed before the enterprise was registered. Class, park and scale are those of the day.
_OWED = """WITH asked AS (
   SELECT * FROM unnest({classes}, {scales}, {forms}, {dues}, {provisional})
     AS a (enterprise_class, above_scale, form_code, due_on, due_provisional)),
 stood AS (
   SELECT e.id AS enterprise_id, e.uscc, e.name, e.unit_code, e.created_at, e.updated_at,
     s.park_code, s.above_scale, coalesce((
       SELECT min(r.kind) FROM recognition r WHERE r.enterprise_id = e.id
         AND r.valid_from <= {day} AND r.valid_to >= {day}), s.declared_class) AS enterprise_class
   FROM enterprise e JOIN enterprise_standing s ON s.enterprise_id = e.id
     AND (s.valid_from IS NULL OR s.valid_from <= {day})
     AND (s.valid_to IS NULL OR s.valid_to >= {day})
   WHERE e.active)
 SELECT s.enterprise_id, s.uscc, s.name, s.unit_code, s.park_code, s.enterprise_class,
   {period} AS period, a.form_code, a.due_on, a.due_provisional, a.due_on < {today} AS is_overdue,
   coalesce(r.state, 'none') AS progress, r.id AS return_id,
   greatest(s.updated_at, r.updated_at) AS updated_at
 FROM stood s JOIN asked a USING (enterprise_class, above_scale)
 LEFT JOIN operating_return r ON r.enterprise_id = s.enterprise_id AND r.period = {period}
 WHERE coalesce(r.state, 'none') IN ('none', 'draft', 'returned')
   AND a.due_on >= CAST(s.created_at AT TIME ZONE 'UTC' + interval '8 hours' AS date)"""

_REMIND = text(
    """WITH told AS (
   INSERT INTO return_reminder (enterprise_id, period, stage, due_on, told_at)
   SELECT o.enterprise_id, o.period, g.stage, o.due_on, :now
   FROM (OWED) AS o JOIN unnest(:stage_dues, :stages) AS g (due_on, stage) USING (due_on)
   WHERE NOT EXISTS (SELECT FROM return_reminder t WHERE t.enterprise_id = o.enterprise_id
     AND t.period = o.period AND t.stage = g.stage)
   ORDER BY o.enterprise_id LIMIT :most
   ON CONFLICT DO NOTHING
   RETURNING enterprise_id, period, stage, due_on)
 SELECT told.*, f.form_code, e.uscc, e.unit_code, p.administration_unit, p.jurisdictions
 FROM told JOIN enterprise e ON e.id = told.enterprise_id
 JOIN (SELECT due_on, min(form_code) AS form_code
   FROM unnest(:dues, :forms) AS f (due_on, form_code) GROUP BY due_on) AS f USING (due_on)
 LEFT JOIN park p ON p.code = e.park_code
 ORDER BY told.enterprise_id""".replace(
        "OWED",
        _OWED.format(
            classes=":classes",
            scales=":scales",
            forms=":forms",
            dues=":dues",
            provisional=":provisional",
            day=":day",
            today=":today",
            period="CAST(:period AS text)",
        ),
    )
)


async def list_missing(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    period: str,
    day: date,
    today: date,
    asked: Sequence[Asked],
    narrow: Mapping[str, Any],
) -> dict[str, Any]:
    """Who has not handed in a period; `day` is the one that decides what an enterprise counts as,
    `narrow` what the list is narrowed by."""
    where = Conditions()
    columns = columns_of(asked)
    kinds = {"classes": "text", "scales": "bool", "forms": "text", "dues": "date",
             "provisional": "bool"}  # fmt: skip
    places = {name: f"{where.bind(columns[name])}::{kind}[]" for name, kind in kinds.items()}
    places |= {"day": f"{where.bind(day)}::date", "today": f"{where.bind(today)}::date"}
    places["period"] = f"{where.bind(period)}::text"
    if units is not None:
        where.add(ANSWERED_FOR, list(units))
    for column, value in narrow.items():
        if value is not None:
            where.add(f"{column} {_COMPARED.get(column, '= ?')}", value)
    select = f"SELECT * FROM ({_OWED.format(**places)}) AS missing"  # noqa: S608, bound values
    return await fetch_hot_page(
        session, select, where, page, sortable=SORTABLE, default="name", key="enterprise_id"
    )


def columns_of(asked: Sequence[Asked]) -> dict[str, list[Any]]:
    return {
        "classes": [each.filer.enterprise_class for each in asked],
        "scales": [each.filer.above_scale for each in asked],
        "forms": [each.form_code for each in asked],
        "dues": [each.due_on for each in asked],
        "provisional": [each.provisional for each in asked],
    }


_REMINDS = _REMIND.bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("classes", "forms", "stages")),
    *(bindparam(name, type_=ARRAY(Boolean)) for name in ("scales", "provisional")),
    *(bindparam(name, type_=ARRAY(Date)) for name in ("dues", "stage_dues")),
    *(bindparam(name, type_=Date()) for name in ("day", "today")),
)


async def remind(
    session: Session,
    *,
    period: str,
    day: date,
    today: date,
    asked: Sequence[Asked],
    stages: Mapping[date, str],
) -> Sequence[Any]:
    """Note who is to be told of a period what they have not been told yet, some hundred at a time;
    answers them. `stages` are what is to be told of each due date."""
    values = {
        **columns_of(asked),
        "period": period,
        "day": day,
        "today": today,
        "stage_dues": list(stages),
        "stages": list(stages.values()),
        "now": now(),
        "most": MOST,
    }
    return (await session.execute(_REMINDS, values)).all()
