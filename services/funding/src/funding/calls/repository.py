"""SQL of the calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select, update

from funding.calls.models import FundingCall

SORTABLE = {
    "id": FundingCall.id,
    "opens_on": FundingCall.opens_on,
    "closes_on": FundingCall.closes_on,
    "updated_at": FundingCall.updated_at,
}


async def get(session: Session, call_id: UUID) -> FundingCall | None:
    return await session.get(FundingCall, call_id, populate_existing=True)


async def get_for_update(session: Session, call_id: UUID) -> FundingCall | None:
    query = select(FundingCall).where(FundingCall.id == call_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def get_shared(session: Session, call_id: UUID) -> FundingCall | None:
    """The call, which takes no step of its own until the commit."""
    query = select(FundingCall).where(FundingCall.id == call_id).with_for_update(read=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def next_number(session: Session, call_id: UUID) -> int | None:
    """The number of a new application; none unless the call is open. The row is locked with it."""
    return await session.scalar(
        update(FundingCall)
        .where(FundingCall.id == call_id, FundingCall.state == "open")
        .values(last_number=FundingCall.last_number + 1)
        .returning(FundingCall.last_number)
        .execution_options(synchronize_session=False)
    )


async def lock_moved_by_days(session: Session, today: date) -> list[FundingCall]:
    """The calls whose day to open or to close has come."""
    row = FundingCall
    opens = (row.state == "published") & (row.opens_on <= today)
    closes = (row.state == "open") & (row.closes_on < today)
    query = select(row).where(opens | closes).order_by(row.id).with_for_update(key_share=True)
    return list(await session.scalars(query))


@dataclass(frozen=True, slots=True)
class CallFilter:
    fund_code: str | None = None
    fiscal_year: int | None = None
    state: Sequence[str] | None = None
    updated_since: datetime | None = None


async def list_calls(session: Session, page: PageRequest, wanted: CallFilter) -> Page[Any]:
    row = FundingCall
    conditions = given(
        (wanted.fund_code, row.fund_code.__eq__),
        (wanted.fiscal_year, row.fiscal_year.__eq__),
        (wanted.state, row.state.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
