"""SQL of closing a year."""

from servicekit.db import Session
from sqlalchemy import text

from funding.year_closes.domain import Open

AT_MOST = 100
"""Named at once."""
_OPEN = text("""
SELECT * FROM (
 SELECT 'years' AS resource, year::text AS of FROM fiscal_year y
 WHERE year < :year AND closed_at IS NULL
  AND EXISTS (SELECT FROM budget WHERE fiscal_year = y.year AND state = 'approved')
 UNION ALL
 SELECT 'disbursements', id::text FROM disbursement
 WHERE fiscal_year = :year AND state IN ('requested', 'checked', 'paying')
 UNION ALL
 SELECT 'budgets', id::text FROM budget WHERE fiscal_year = :year AND state = 'draft'
 UNION ALL
 SELECT 'adjustments', id::text FROM adjustment WHERE fiscal_year = :year AND state = 'draft'
 UNION ALL
 SELECT 'transfers', id::text FROM transfer WHERE fiscal_year = :year AND state = 'draft'
 UNION ALL
 SELECT 'carry-overs', id::text FROM carry_over WHERE fiscal_year = :year AND state = 'draft'
 UNION ALL
 SELECT 'refunds', id::text FROM refund WHERE fiscal_year = :year AND state = 'draft'
 UNION ALL
 SELECT 'funding-calls', id::text FROM funding_call
 WHERE fiscal_year = :year AND state NOT IN ('awarded', 'cancelled')
) AS still_open LIMIT :at_most
""")


async def still_open(session: Session, year: int) -> list[Open]:
    """What keeps the year from being closed, at most `AT_MOST` of it."""
    rows = await session.execute(_OPEN, {"year": year, "at_most": AT_MOST})
    return [Open(row.resource, row.of) for row in rows]
