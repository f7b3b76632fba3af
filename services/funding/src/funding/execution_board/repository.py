"""SQL of the execution board: sums over the months that are kept with the journal."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest

SORT = {"id": str, "fund_code": str, "fiscal_year": int, "month": str, "updated_at": datetime}
# A month shows what was up to its end; the year's months that have begun are shown, and all in
# which something was. $1 is today.
_BOARD = """SELECT id, fund_code, fiscal_year, month, in_year, approved, appropriated, committed,
 disbursed, disbursed_in_month, refunded, carried_over, lapsed, updated_at
FROM (
 SELECT f.fund_code || '/' || f.fiscal_year || '-' || to_char(m, 'FM00') AS id, f.fund_code,
  f.fiscal_year, f.fiscal_year || '-' || to_char(m, 'FM00') AS month, m AS in_year, s.*
 FROM (
  SELECT fund_code, fiscal_year, max(month) AS last,
   min(updated_at) AS first FROM execution_month GROUP BY 1, 2
 ) f
 CROSS JOIN LATERAL generate_series(1, greatest(f.last, CASE
  WHEN f.fiscal_year < extract(year FROM $1::date) THEN 12
  WHEN f.fiscal_year = extract(year FROM $1::date) THEN extract(month FROM $1::date)::int
  ELSE 1 END)) AS m
 CROSS JOIN LATERAL (
  SELECT coalesce(sum(approved), 0) AS approved, coalesce(sum(appropriated), 0) AS appropriated,
   coalesce(sum(committed), 0) AS committed, coalesce(sum(disbursed), 0) AS disbursed,
   coalesce(sum(disbursed) FILTER (WHERE month = m), 0) AS disbursed_in_month,
   coalesce(sum(refunded), 0) AS refunded, coalesce(sum(carried_over), 0) AS carried_over,
   coalesce(sum(lapsed), 0) AS lapsed, coalesce(max(updated_at), f.first) AS updated_at
  FROM execution_month WHERE fund_code = f.fund_code AND fiscal_year = f.fiscal_year AND month <= m
 ) s
) AS board"""
_NET = """
SELECT fund_code, fiscal_year, m, sum(disbursed - refunded) AS net
FROM execution_month e, generate_series(1, 12) AS m
WHERE e.month <= m AND fund_code = ANY($1) AND fiscal_year BETWEEN $2 AND $3
GROUP BY 1, 2, 3
"""
Net = dict[tuple[str, int], list[Decimal]]
"""By fund and year: yuan paid less refunds at the end of each of the twelve months."""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    fiscal_year: int | None = None
    fund_code: str | None = None
    month: str | None = None
    updated_since: datetime | None = None


async def fetch_board(
    session: Session, page: PageRequest, today: date, wanted: BoardFilter
) -> dict[str, Any]:
    where = Conditions(args=[today])
    for column in ("fiscal_year", "fund_code", "month"):
        if (value := getattr(wanted, column)) is not None:
            where.add(f"{column} = ?", value)
    if wanted.updated_since is not None:
        where.add("updated_at >= ?", wanted.updated_since)
    return await fetch_hot_page(session, _BOARD, where, page, sortable=SORT, default="id")


async def net_by_month(
    session: Session, funds: Sequence[str], first_year: int, last_year: int
) -> Net:
    """What the funds had paid in these years, month by month."""
    found: Net = defaultdict(lambda: [Decimal(0)] * 12)
    for row in await session.fetch(_NET, list(funds), first_year, last_year):
        found[row["fund_code"], row["fiscal_year"]][row["m"] - 1] = row["net"]
    return found
