"""SQL of the outlier check."""

from datetime import date
from decimal import Decimal

from servicekit.db import Session
from targets.outliers.models import ReportingRule

_HISTORY = """
SELECT value FROM current_observation
WHERE indicator_code = $1 AND unit_code = $2 AND ends_on < $3 AND NOT year_to_date
ORDER BY ends_on DESC LIMIT $4
"""


async def get(session: Session, indicator_code: str) -> ReportingRule | None:
    return await session.get(ReportingRule, indicator_code)


async def get_for_update(session: Session, indicator_code: str) -> ReportingRule | None:
    return await session.get(ReportingRule, indicator_code, with_for_update={"key_share": True})


async def history(
    session: Session, indicator_code: str, unit_code: str, before: date, limit: int
) -> list[Decimal]:
    """The unit's own valid numbers of the periods that ended before, latest first."""
    rows = await session.fetch(_HISTORY, indicator_code, unit_code, before, limit)
    return [row["value"] for row in rows]
