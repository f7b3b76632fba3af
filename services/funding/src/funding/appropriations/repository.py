"""SQL of appropriations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.appropriations.models import Appropriation

SORTABLE = {
    "id": Appropriation.id,
    "appropriated_on": Appropriation.appropriated_on,
    "updated_at": Appropriation.updated_at,
}


async def get(session: Session, appropriation_id: UUID) -> Appropriation | None:
    return await session.get(Appropriation, appropriation_id)


@dataclass(frozen=True, slots=True)
class AppropriationFilter:
    budget_id: UUID | None = None
    fund_code: str | None = None
    fiscal_year: int | None = None
    updated_since: datetime | None = None


async def page_of(session: Session, page: PageRequest, wanted: AppropriationFilter) -> Page[Any]:
    query = select(Appropriation)
    if wanted.budget_id is not None:
        query = query.where(Appropriation.budget_id == wanted.budget_id)
    if wanted.fund_code is not None:
        query = query.where(Appropriation.fund_code == wanted.fund_code)
    if wanted.fiscal_year is not None:
        query = query.where(Appropriation.fiscal_year == wanted.fiscal_year)
    if wanted.updated_since is not None:
        query = query.where(Appropriation.updated_at >= wanted.updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
