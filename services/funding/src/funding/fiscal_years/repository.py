"""SQL of fiscal years."""

from datetime import datetime
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select

from funding.fiscal_years.models import FiscalYear

SORTABLE = {"year": FiscalYear.year, "updated_at": FiscalYear.updated_at}


async def get(session: Session, year: int) -> FiscalYear | None:
    return await session.get(FiscalYear, year)


async def lock(session: Session, year: int) -> FiscalYear:
    """The existing row, locked against other writers."""
    query = select(FiscalYear).where(FiscalYear.year == year).with_for_update(key_share=True)
    return (await session.scalars(query)).one()


async def is_closed(session: Session, year: int) -> bool:
    query = select(FiscalYear.closed_at.is_not(None)).where(FiscalYear.year == year)
    return bool(await session.scalar(query))


async def hold_open(session: Session, year: int) -> bool:
    """Whether the year is open; if it is, it stays so until the commit."""
    query = select(FiscalYear.closed_at.is_(None)).where(FiscalYear.year == year)
    return bool(await session.scalar(query.with_for_update(read=True)))


async def hold_open_from(session: Session, year: int) -> None:
    """No year from this one on is closed until the commit; one that is being closed is waited for.
    Call it before an award is locked, as closing does."""
    query = select(FiscalYear.year).where(FiscalYear.year >= year, FiscalYear.closed_at.is_(None))
    await session.execute(query.order_by(FiscalYear.year).with_for_update(read=True))


async def next_open(session: Session, year: int) -> int | None:
    """The first year after this one that is not closed."""
    query = select(func.min(FiscalYear.year)).where(
        FiscalYear.year > year, FiscalYear.closed_at.is_(None)
    )
    return await session.scalar(query)


async def close(session: Session, year: int) -> None:
    row = await lock(session, year)
    row.change({"closed_at": now()})


async def list_fiscal_years(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    query = select(FiscalYear).where(*given((updated_since, FiscalYear.updated_at.__ge__)))
    return await fetch_page(
        session,
        query,
        page,
        sortable=SORTABLE,
        default="year",
        key="year",
    )
