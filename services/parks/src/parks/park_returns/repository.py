"""SQL of what parks tell of themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.db import LOCK
from parks.park_returns.models import ParkReturn

SORTABLE = {"period": ParkReturn.period, "updated_at": ParkReturn.updated_at}
_SUMS = """SELECT measure, sum(amount) AS amount FROM measure_total
 JOIN unnest($2::text[], $3::text[]) AS wanted (measure, period) USING (measure, period)
 WHERE park_code = $1 GROUP BY measure"""


async def get(session: Session, park_code: str, period: str) -> ParkReturn | None:
    return await session.get(ParkReturn, (park_code, period))


async def get_for_update(session: Session, park_code: str, period: str) -> ParkReturn | None:
    return await session.get(ParkReturn, (park_code, period), with_for_update=LOCK)


async def sums_of(
    session: Session, park_code: str, cells: Mapping[str, Sequence[str]]
) -> dict[str, Decimal]:
    """What the park's enterprises come to: of each measure the sums of its cells."""
    pairs = [(measure, period) for measure, periods in cells.items() for period in periods]
    measures, periods = [each[0] for each in pairs], [each[1] for each in pairs]
    rows = await session.fetch(_SUMS, park_code, measures, periods)
    return {row["measure"]: row["amount"] for row in rows}


async def list_returns(
    session: Session, page: PageRequest, park_code: str, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, ParkReturn.updated_at.__ge__))
    query = select(ParkReturn).where(ParkReturn.park_code == park_code, *conditions)
    return await fetch_page(
        session, query, page, sortable=SORTABLE, default="-period", key="period"
    )
