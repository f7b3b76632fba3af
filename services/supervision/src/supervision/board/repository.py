"""The board in one statement over the items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest

from supervision.board.domain import ages

COUNTS = ("open", "overdue", "red", "amber", "green", "ordinary", "serious", "critical",
          "young", "middle", "old", "closed")  # fmt: skip
SORTABLE = {"unit_code": str, "open": int, "overdue": int, "red": int, "updated_at": datetime}
# $1 today, $2 the last deadline at amber, $3 and $4 the first days of the ages, $5 the units,
# $6 the first day of a closure that counts.
BOARD = """SELECT unit_code, open, overdue, red, amber, green, ordinary, serious, critical, young,
 middle, old, closed, mean_days_to_close, updated_at
FROM (
 SELECT responsible_unit AS unit_code,
  count(*) FILTER (WHERE is_open) AS open,
  count(*) FILTER (WHERE with_unit AND due_on < $1) AS overdue,
  count(*) FILTER (WHERE with_unit AND due_on < $1) AS red,
  count(*) FILTER (WHERE with_unit AND due_on BETWEEN $1 AND $2) AS amber,
  count(*) FILTER (WHERE is_open AND NOT (with_unit AND due_on <= $2)) AS green,
  count(*) FILTER (WHERE is_open AND severity = 'ordinary') AS ordinary,
  count(*) FILTER (WHERE is_open AND severity = 'serious') AS serious,
  count(*) FILTER (WHERE is_open AND severity = 'critical') AS critical,
  count(*) FILTER (WHERE is_open AND issued_on >= $3) AS young,
  count(*) FILTER (WHERE is_open AND issued_on < $3 AND issued_on >= $4) AS middle,
  count(*) FILTER (WHERE is_open AND issued_on < $4) AS old,
  count(closed_day) AS closed,
  round(avg(closed_day - issued_on), 2) AS mean_days_to_close,
  max(updated_at) AS updated_at
 FROM (
  SELECT i.responsible_unit, i.due_on, i.issued_on, i.severity, i.updated_at,
   i.status NOT IN ('closed', 'cancelled') AS is_open,
   i.status IN ('issued', 'acknowledged', 'in_progress') AS with_unit,
   CASE WHEN i.status = 'closed' AND (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date >= $6
    THEN (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date END AS closed_day
  FROM supervision_item i WHERE $5::text[] IS NULL OR i.responsible_unit = ANY($5)
 ) AS item
 GROUP BY responsible_unit
) AS board"""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """`closed_since` says which closures count; it hides no unit."""

    responsible_unit: str | None = None
    closed_since: date = date(2000, 1, 1)
    updated_since: datetime | None = None


async def fetch_board(
    session: Session,
    page: PageRequest,
    units: Sequence[str] | None,
    today: date,
    soon: date,
    wanted: BoardFilter,
) -> dict[str, Any]:
    """Units with an item, among the given ones (none: among all), and the sums over the list."""
    where = Conditions(args=_arguments(units, today, soon, wanted.closed_since))
    if wanted.responsible_unit is not None:
        where.add("unit_code = ?", wanted.responsible_unit)
    if wanted.updated_since is not None:
        where.add("updated_at >= ?", wanted.updated_since)
    return await fetch_hot_page(
        session, BOARD, where, page, sortable=SORTABLE, default="unit_code", key="unit_code",
        sums=COUNTS,
    )  # fmt: skip


def all_units(today: date, soon: date) -> list[Any]:
    """The arguments of the board over all units and all closures."""
    return _arguments(None, today, soon, BoardFilter().closed_since)


def _arguments(
    units: Sequence[str] | None, today: date, soon: date, closed_since: date
) -> list[Any]:
    return [today, soon, *ages(today), None if units is None else list(units), closed_since]
