"""SQL of appropriations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
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


async def list_appropriations(
    session: Session, page: PageRequest, wanted: AppropriationFilter
) -> Page[Any]:
    conditions = given(
        (wanted.budget_id, Appropriation.budget_id.__eq__),
        (wanted.fund_code, Appropriation.fund_code.__eq__),
        (wanted.fiscal_year, Appropriation.fiscal_year.__eq__),
        (wanted.updated_since, Appropriation.updated_at.__ge__),
    )
    query = select(Appropriation).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
