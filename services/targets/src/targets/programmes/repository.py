"""SQL of the programmes."""

from datetime import date, datetime

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select
from targets.programmes.models import Programme

SORTABLE = {"code": Programme.code, "updated_at": Programme.updated_at}


async def get(session: Session, code: str) -> Programme | None:
    return await session.get(Programme, code)


async def beginning(session: Session) -> tuple[date | None, datetime | None]:
    """The first day of the year in which the first programme begins, and since when there is a
    programme at all; none without any."""
    first = func.least(Programme.starts_on, func.make_date(Programme.anchor_year, 1, 1))
    found = await session.execute(select(func.min(first), func.min(Programme.created_at)))
    day, moment = found.one()
    return day, moment


async def list_programmes(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page:
    query = select(Programme).where(*given((updated_since, Programme.updated_at.__ge__)))
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")
