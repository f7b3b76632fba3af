"""SQL of the restatements."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select
from targets.restatements.models import Restatement

SORTABLE = {
    "id": Restatement.id,
    "recorded_at": Restatement.recorded_at,
    "updated_at": Restatement.recorded_at,
}
_VALID = """
SELECT observation_id, value, numerator, denominator FROM current_observation
WHERE indicator_code = $1 AND unit_code IS NOT DISTINCT FROM $2 AND period = $3
"""


async def valid_number(
    session: Session, indicator: str, unit: str | None, period: str
) -> asyncpg.Record | None:
    """What counts for an indicator, unit and period now."""
    return await session.fetch_row(_VALID, indicator, unit, period)


async def list_restatements(
    session: Session,
    page: PageRequest,
    period: str,
    *,
    units: Sequence[str] | None,
    indicator_code: str | None,
    unit_code: str | None,
    updated_since: datetime | None,
) -> Page:
    """`units` are those whose numbers the caller may see, none for all."""
    conditions = given(
        (units, Restatement.unit_code.in_),
        (indicator_code, Restatement.indicator_code.__eq__),
        (unit_code, Restatement.unit_code.__eq__),
        (updated_since, Restatement.recorded_at.__ge__),
    )
    query = select(Restatement).where(Restatement.period == period, *conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-recorded_at")
