"""SQL of the observations."""

from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from targets.observations.domain import Reading
from targets.observations.models import CurrentObservation, Observation

SORTABLE = {"ends_on": Observation.ends_on, "seq": Observation.seq}
_CURRENT = (
    "indicator_code", "unit_code", "period", "ends_on",
    "value", "numerator", "denominator", "year_to_date",
)  # fmt: skip
_READINGS = """
SELECT unit_code, period, ends_on, value, numerator, denominator, year_to_date
FROM current_observation WHERE indicator_code = $1
"""


async def add(session: Session, row: Observation) -> None:
    """Store the number, and as the valid one of its unit and period."""
    session.add(row)
    await session.flush()
    values: dict[str, Any] = {name: getattr(row, name) for name in _CURRENT}
    values["observation_id"] = row.id
    await session.execute(
        insert(CurrentObservation)
        .values(values)
        .on_conflict_do_update(constraint="uq_current_observation_of", set_=values)
    )


async def readings(session: Session, indicator_code: str) -> list[Reading]:
    """Every valid number of an indicator."""
    return [Reading(**row) for row in await session.fetch(_READINGS, indicator_code)]


async def fetch(
    session: Session,
    page: PageRequest,
    indicator_code: str,
    *,
    unit: str | None,
    include_superseded: bool,
    updated_since: datetime | None,
) -> Page:
    """Rows of `(Observation, valid)`."""
    current = CurrentObservation
    query: Select = (
        select(Observation, current.observation_id.is_not(None).label("valid"))
        .join(current, current.observation_id == Observation.id, isouter=include_superseded)
        .where(Observation.indicator_code == indicator_code)
    )
    if unit is not None:
        query = query.where(Observation.unit_code == unit)
    if updated_since is not None:
        query = query.where(Observation.recorded_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="ends_on", key="seq")
