"""SQL of the figures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest

from parks.enterprises.repository import ANSWERED_FOR
from parks.tallies.domain import NONE, Wanted

PARTS = {"key": str, "updated_at": datetime}
ENTERPRISES = {"name": str, "uscc": str, "updated_at": datetime, "enterprise_id": UUID}

# The highest grade a park held on the day.
_GRADE = """coalesce((SELECT g.grade FROM park_grade g WHERE g.park_code = t.park_code
   AND g.obtained_on <= {day} AND (g.lost_on IS NULL OR g.lost_on > {day})
   ORDER BY array_position(ARRAY['municipal', 'provincial', 'national'], g.grade) DESC LIMIT 1),
   '{none}')"""
_SUMS = """sum(amount) FILTER (WHERE measure = {above} AND period = ANY({above_in})) AS above,
   sum(amount) FILTER (WHERE measure = {below} AND period = ANY({below_in})) AS below"""


async def fetch_parts(
    session: Session,
    page: PageRequest,
    wanted: Wanted,
    by: str,
    narrow: Mapping[str, Any],
    day: date,
) -> dict[str, Any]:
    """The parts of a figure, by park, class or grade."""
    where = Conditions()
    cells = _cells(where, wanted, narrow, day)
    keys = {"park": "park", "enterprise_class": "enterprise_class", "grade": "grade"}
    select = f"""SELECT * FROM (SELECT f.*, p.name_zh, p.name_en FROM (
 SELECT {keys[by]} AS key, {_sums(where, wanted)},
   coalesce(sum(returns) FILTER (WHERE measure = {where.bind(wanted.above)}), 0)::bigint AS returns,
   max(updated_at) AS updated_at
 FROM ({cells}) AS t GROUP BY 1) AS f
 LEFT JOIN park p ON p.code = f.key AND {where.bind(by)}::text = 'park') AS parts"""  # noqa: S608, bound values
    if narrow.get("updated_since") is not None:
        where.add("updated_at >= ?", narrow["updated_since"])
    return await fetch_hot_page(
        session, select, where, page, sortable=PARTS, default="key", key="key"
    )


async def fetch_whole(
    session: Session, wanted: Wanted, narrow: Mapping[str, Any], day: date
) -> Mapping[str, Any]:
    """All of it together."""
    where = Conditions()
    cells = _cells(where, wanted, narrow, day)
    found = await session.fetch_row(
        f"""SELECT {_sums(where, wanted)},
   coalesce(sum(returns) FILTER (WHERE measure = {where.bind(wanted.above)}), 0)::bigint AS returns
 FROM ({cells}) AS t""",  # noqa: S608, bound values
        *where.args,
    )
    return dict(found or {})


def _sums(where: Conditions, wanted: Wanted) -> str:
    return _SUMS.format(
        above=f"{where.bind(wanted.above)}::text",
        above_in=f"{where.bind(list(wanted.above_in))}::text[]",
        below=f"{where.bind(wanted.below)}::text",
        below_in=f"{where.bind(list(wanted.below_in))}::text[]",
    )


def _cells(where: Conditions, wanted: Wanted, narrow: Mapping[str, Any], day: date) -> str:
    """The sums that may be in it, with what they are known by."""
    measures = where.bind([each for each in (wanted.above, wanted.below) if each])
    periods = where.bind(sorted({*wanted.above_in, *wanted.below_in}))
    grade = _GRADE.format(day=f"{where.bind(day)}::date", none=NONE)
    parts = [f"t.measure = ANY({measures})", f"t.period = ANY({periods})"]
    columns = {"park_code": "t.park_code", "enterprise_class": "t.enterprise_class",
               "programme": "p.programme", "grade": grade}  # fmt: skip
    for name, column in columns.items():
        if narrow.get(name) is not None:
            parts.append(f"{column} = ANY({where.bind(_any_of(narrow[name]))})")
    return f"""SELECT t.measure, t.period, t.amount, t.returns, t.updated_at, t.enterprise_class,
   coalesce(nullif(t.park_code, ''), '{NONE}') AS park, {grade} AS grade
 FROM measure_total t LEFT JOIN park p ON p.code = t.park_code WHERE {" AND ".join(parts)}"""  # noqa: S608, bound values


def _any_of(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


async def list_enterprises(
    session: Session,
    page: PageRequest,
    wanted: Wanted,
    *,
    units: Sequence[str] | None,
    narrow: Mapping[str, Any],
) -> dict[str, Any]:
    """The same of each enterprise, where it counted."""
    where = Conditions()
    measures = where.bind([each for each in (wanted.above, wanted.below) if each])
    periods = where.bind(sorted({*wanted.above_in, *wanted.below_in}))
    parts = [f"c.measure = ANY({measures})", f"r.period = ANY({periods})"]
    for name in ("park_code", "enterprise_class"):
        if narrow.get(name) is not None:
            parts.append(f"r.{name} = ANY({where.bind(_any_of(narrow[name]))})")
    select = f"""SELECT * FROM (SELECT e.id AS enterprise_id, e.uscc, e.name, e.unit_code,
   e.park_code, f.above, f.below, f.returns, f.updated_at
 FROM (SELECT r.enterprise_id, {_sums(where, wanted)}, count(DISTINCT r.id) AS returns,
     max(r.updated_at) AS updated_at
   FROM return_count c JOIN operating_return r ON r.id = c.return_id
   WHERE {" AND ".join(parts)} GROUP BY r.enterprise_id) AS f
 JOIN enterprise e ON e.id = f.enterprise_id) AS figures"""  # noqa: S608, bound values
    if units is not None:
        where.add(ANSWERED_FOR, list(units))
    if narrow.get("updated_since") is not None:
        where.add("updated_at >= ?", narrow["updated_since"])
    return await fetch_hot_page(
        session, select, where, page, sortable=ENTERPRISES, default="name", key="enterprise_id"
    )
