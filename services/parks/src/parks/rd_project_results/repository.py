"""SQL of the yearly results."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select

from parks.db import LOCK
from parks.rd_project_results.models import RdProjectResult

SORTABLE = {
    "year": RdProjectResult.year,
    "updated_at": RdProjectResult.updated_at,
    "id": RdProjectResult.id,
}


async def get(session: Session, project_id: UUID, result_id: UUID) -> RdProjectResult | None:
    row = RdProjectResult
    return await session.scalar(
        select(row).where(row.project_id == project_id, row.id == result_id)
    )


async def get_for_update(session: Session, result_id: UUID) -> RdProjectResult | None:
    return await session.get(RdProjectResult, result_id, with_for_update=LOCK)


async def of_year(session: Session, project_id: UUID, year: int) -> RdProjectResult | None:
    row = RdProjectResult
    return await session.scalar(select(row).where(row.project_id == project_id, row.year == year))


async def years_pending(session: Session, project_id: UUID) -> Sequence[int]:
    """The years whose results are not verified."""
    row = RdProjectResult
    found = await session.scalars(
        select(row.year)
        .where(row.project_id == project_id, row.state != "verified")
        .order_by(row.year)
    )
    return found.all()


async def sums(session: Session, project_id: UUID) -> Sequence[Decimal]:
    """Investment, new sales, profit and tax over the verified results."""
    row = RdProjectResult
    columns = (row.investment, row.new_sales, row.profit_and_tax)
    query = select(*(func.coalesce(func.sum(each), 0) for each in columns))
    found = await session.execute(
        query.where(row.project_id == project_id, row.state == "verified")
    )
    return [Decimal(each) for each in found.one()]


async def list_results(
    session: Session, page: PageRequest, project_id: UUID, updated_since: datetime | None
) -> Page:
    row = RdProjectResult
    conditions = given((updated_since, row.updated_at.__ge__))
    query = select(row).where(row.project_id == project_id, *conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-year")
