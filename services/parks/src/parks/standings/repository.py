"""SQL of the standings."""

from datetime import date, datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import or_, select

from parks.standings.models import Standing

SORTABLE = {"updated_at": Standing.updated_at, "id": Standing.id}


async def current(session: Session, enterprise_id: UUID) -> Standing:
    """What holds until further notice. The enterprise's row must be locked for a change."""
    return (
        await session.scalars(
            select(Standing).where(
                Standing.enterprise_id == enterprise_id, Standing.valid_to.is_(None)
            )
        )
    ).one()


async def on(session: Session, enterprise_id: UUID, day: date) -> Standing:
    """What held on a day: each day has one."""
    return (
        await session.scalars(
            select(Standing).where(
                Standing.enterprise_id == enterprise_id,
                or_(Standing.valid_from.is_(None), Standing.valid_from <= day),
                or_(Standing.valid_to.is_(None), Standing.valid_to >= day),
            )
        )
    ).one()


async def get(session: Session, enterprise_id: UUID, standing_id: UUID) -> Standing | None:
    return await session.scalar(
        select(Standing).where(Standing.enterprise_id == enterprise_id, Standing.id == standing_id)
    )


async def list_standings(
    session: Session, page: PageRequest, enterprise_id: UUID, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, Standing.updated_at.__ge__))
    query = select(Standing).where(Standing.enterprise_id == enterprise_id, *conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")
