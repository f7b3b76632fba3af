"""SQL of the operating returns."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import orjson
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.db import LOCK
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import answered_for, meant_by
from parks.returns.domain import MEASURES
from parks.returns.models import OperatingReturn

SORTABLE = {
    "period": OperatingReturn.period,
    "updated_at": OperatingReturn.updated_at,
    "id": OperatingReturn.id,
}

_FIND = """SELECT r.enterprise_id, r.period, r.id FROM operating_return r
 JOIN unnest($1::uuid[], $2::text[]) AS wanted (enterprise_id, period)
 USING (enterprise_id, period)"""
_ANY = """SELECT enterprise_id::text, period FROM operating_return
 WHERE enterprise_id = ANY($1) AND period = ANY($2)"""
_TOLD = f"""SELECT period, extra::text, {", ".join(MEASURES)} FROM operating_return
 WHERE enterprise_id = $1 AND period = ANY($2) AND state IN ('submitted', 'accepted')"""  # noqa: S608, names of columns


async def get(session: Session, return_id: UUID) -> OperatingReturn | None:
    return await session.get(OperatingReturn, return_id)


async def get_for_update(session: Session, return_id: UUID) -> OperatingReturn | None:
    return await session.get(OperatingReturn, return_id, with_for_update=LOCK)


async def lock_in_order(session: Session, return_ids: Iterable[UUID]) -> list[str]:
    """Lock several returns so that two callers with the same ones cannot wait for each other;
    their periods."""
    query = select(OperatingReturn).where(OperatingReturn.id.in_(list(return_ids)))
    rows = await session.scalars(query.order_by(OperatingReturn.id).with_for_update(key_share=True))
    return [row.period for row in rows]


async def find_all(
    session: Session, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], UUID]:
    """The returns there are of these enterprises and months."""
    enterprises, periods = [each[0] for each in wanted], [each[1] for each in wanted]
    rows = await session.fetch(_FIND, enterprises, periods)
    return {(row["enterprise_id"], row["period"]): row["id"] for row in rows}


async def any_of(
    session: Session, wanted: Collection[tuple[str, str]], enterprises: Collection[UUID]
) -> bool:
    """Whether there is a return of any of these enterprises, by their ids' texts, and periods."""
    periods = {period for _, period in wanted}
    rows = await session.fetch(_ANY, list(enterprises), list(periods))
    return any((row["enterprise_id"], row["period"]) in wanted for row in rows)


async def told(
    session: Session, enterprise_id: UUID, periods: Collection[str]
) -> dict[str, dict[str, Decimal]]:
    """What the enterprise has handed in for these periods, and was not given back."""
    rows = await session.fetch(_TOLD, enterprise_id, list(periods))
    return {
        row["period"]: {name: Decimal(row[name]) for name in MEASURES}
        | {name: Decimal(value) for name, value in orjson.loads(row["extra"] or "{}").items()}
        for row in rows
    }


async def list_returns(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    enterprise_id: UUID | None,
    park_code: str | None,
    period: Sequence[str],
    state: Sequence[str],
    updated_since: datetime | None,
) -> Page:
    """`park_code` is the enterprise's park today."""
    row = OperatingReturn
    conditions = given(
        (units, answered_for),
        (park_code, Enterprise.park_code.__eq__),
        (enterprise_id, lambda one: row.enterprise_id.in_(meant_by(one))),
        (period or None, row.period.in_),
        (state or None, row.state.in_),
        (updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    if units is not None or park_code is not None:
        query = query.join(Enterprise, Enterprise.id == row.enterprise_id)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-period")
