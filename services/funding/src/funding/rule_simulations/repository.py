"""SQL of what a what-if question names."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from servicekit.db import Session

_LINES = """SELECT id, fund_code FROM budget
WHERE fiscal_year = $1 AND state = 'approved' AND id = ANY($2)"""
_REPORTS = """SELECT id, amount, state = 'verified' AS counts FROM counterpart_report
WHERE fiscal_year = $1 AND id = ANY($2)"""


async def funds_of_lines(session: Session, year: int, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The fund of each of these lines that is one of the year, and approved."""
    rows = await session.fetch(_LINES, year, list(ids))
    return {row["id"]: row["fund_code"] for row in rows}


async def reports_of(
    session: Session, year: int, ids: Sequence[UUID]
) -> dict[UUID, tuple[Decimal, bool]]:
    """Yuan of each of these reports that is one of the year, and whether it counts."""
    rows = await session.fetch(_REPORTS, year, list(ids))
    return {row["id"]: (row["amount"], row["counts"]) for row in rows}
