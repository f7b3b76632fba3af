"""SQL of the restatements."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select
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


async def fetch(
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
    query: Select = select(Restatement).where(Restatement.period == period)
    if units is not None:
        query = query.where(Restatement.unit_code.in_(units))
    if indicator_code is not None:
        query = query.where(Restatement.indicator_code == indicator_code)
    if unit_code is not None:
        query = query.where(Restatement.unit_code == unit_code)
    if updated_since is not None:
        query = query.where(Restatement.recorded_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-recorded_at")
