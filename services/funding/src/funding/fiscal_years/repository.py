"""SQL of fiscal years."""

from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from funding.fiscal_years.models import FiscalYear


async def insert_if_missing(session: Session, year: int, values: dict[str, Any]) -> bool:
    """Whether this call made the row; two callers at once make one."""
    statement = insert(FiscalYear).values(year=year, **values).on_conflict_do_nothing()
    return await session.scalar(statement.returning(FiscalYear.year)) is not None


async def get(session: Session, year: int) -> FiscalYear | None:
    return await session.get(FiscalYear, year)


async def lock(session: Session, year: int) -> FiscalYear:
    """The existing row, locked against other writers."""
    query = select(FiscalYear).where(FiscalYear.year == year).with_for_update(key_share=True)
    return (await session.scalars(query)).one()


async def page_of(session: Session, page: PageRequest, updated_since: datetime | None) -> Page[Any]:
    query = select(FiscalYear)
    if updated_since is not None:
        query = query.where(FiscalYear.updated_at >= updated_since)
    return await fetch_page(
        session,
        query,
        page,
        sortable={"year": FiscalYear.year, "updated_at": FiscalYear.updated_at},
        default="year",
        key="year",
    )
