"""SQL of the leverage: sums over appropriations, figures and reports, as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest

from funding.leverage.domain import LeverageLevel

SORT = {"id": str, "level": str, "fiscal_year": int, "updated_at": datetime}
# What is executed of an item of the city's budget stands at the item's fund, were there several at
# the first, so that the funds of a year add up to what the rule of the leverage counts.
_BY_FUND = """
 SELECT y.year AS fiscal_year, f.code AS fund_code,
  CASE f.kind WHEN 'special' THEN coalesce(b.appropriated, 0)
   WHEN 'three_st_expenses' THEN y.three_st_expenses ELSE y.science_operating_expenses
  END * (f.kind = 'special' OR f.place = 1)::int AS government,
  greatest(y.updated_at, b.moved) AS moved
 FROM fiscal_year y
 CROSS JOIN (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY code) AS place FROM fund) f
 LEFT JOIN (
  SELECT fund_code, fiscal_year, sum(appropriated) AS appropriated, max(updated_at) AS moved
  FROM budget GROUP BY 1, 2
 ) b ON b.fund_code = f.code AND b.fiscal_year = y.year"""
_SUMS = """coalesce(sum(amount) FILTER (WHERE state = 'verified'), 0) AS enterprise,
  coalesce(sum(amount) FILTER (WHERE state = 'reported'), 0) AS enterprise_unverified,
  count(*) FILTER (WHERE state = 'verified') AS reports,
  count(*) FILTER (WHERE state = 'reported') AS reports_unverified,
  max(updated_at) AS moved"""
_ROWS = f"""SELECT id, level, fiscal_year, fund_code, award_id, payee_unit, title, government,
 enterprise, enterprise_unverified, reports, reports_unverified, updated_at
FROM (
 WITH given AS ({_BY_FUND}), spent AS (
  SELECT fiscal_year, fund_code, {_SUMS} FROM counterpart_report GROUP BY 1, 2
 ), funds AS (
  SELECT k.fiscal_year, k.fund_code, coalesce(g.government, 0) AS government,
   coalesce(enterprise, 0) AS enterprise,
   coalesce(enterprise_unverified, 0) AS enterprise_unverified, coalesce(reports, 0) AS reports,
   coalesce(reports_unverified, 0) AS reports_unverified,
   greatest(g.moved, s.moved) AS updated_at
  FROM (SELECT fiscal_year, fund_code FROM given UNION SELECT fiscal_year, fund_code FROM spent) k
  LEFT JOIN given g ON g.fiscal_year = k.fiscal_year AND g.fund_code = k.fund_code
  LEFT JOIN spent s ON s.fiscal_year = k.fiscal_year
   AND s.fund_code IS NOT DISTINCT FROM k.fund_code
 )
 SELECT 'fund/' || coalesce(fund_code, '-') || '/' || fiscal_year AS id, 'fund' AS level,
  fiscal_year, fund_code, NULL::uuid AS award_id, NULL AS payee_unit, NULL AS title, government,
  enterprise, enterprise_unverified, reports, reports_unverified, updated_at
 FROM funds WHERE government + enterprise + enterprise_unverified > 0
 UNION ALL
 SELECT 'year/' || fiscal_year, 'year', fiscal_year, NULL, NULL, NULL, NULL, sum(government),
  sum(enterprise), sum(enterprise_unverified), sum(reports)::bigint,
  sum(reports_unverified)::bigint, max(updated_at)
 FROM funds GROUP BY fiscal_year
 UNION ALL
 SELECT 'award/' || a.id, 'award', a.fiscal_year, a.fund_code, a.id, a.payee_unit, a.title,
  a.amount - a.released - a.refunded, s.enterprise, s.enterprise_unverified, s.reports,
  s.reports_unverified, greatest(a.updated_at, s.moved)
 FROM award a
 CROSS JOIN LATERAL (SELECT {_SUMS} FROM counterpart_report WHERE award_id = a.id) s
 WHERE a.state <> 'cancelled'
) AS leverage"""  # noqa: S608, constants only


@dataclass(frozen=True, slots=True)
class LeverageFilter:
    level: Sequence[LeverageLevel] | None = None
    fiscal_year: int | None = None
    fund_code: str | None = None
    award_id: UUID | None = None
    payee_unit: str | None = None
    updated_since: datetime | None = None


async def list_leverage(
    session: Session, page: PageRequest, wanted: LeverageFilter
) -> dict[str, Any]:
    where = Conditions()
    if wanted.level is not None:
        where.add("level = ANY(?)", wanted.level)
    for column in ("fiscal_year", "fund_code", "award_id", "payee_unit"):
        if (value := getattr(wanted, column)) is not None:
            where.add(f"{column} = ?", value)
    if wanted.updated_since is not None:
        where.add("updated_at >= ?", wanted.updated_since)
    return await fetch_hot_page(session, _ROWS, where, page, sortable=SORT, default="id")
