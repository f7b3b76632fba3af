"""SQL of the rates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from funding.support_rates.models import SupportRate

SORTABLE = {"code": SupportRate.code, "updated_at": SupportRate.updated_at}


async def get(session: Session, code: str) -> SupportRate | None:
    return await session.get(SupportRate, code)


async def rate_of(session: Session, kind: str, grade: str, fiscal_year: int) -> SupportRate | None:
    query = select(SupportRate).filter_by(kind=kind, grade=grade, fiscal_year=fiscal_year)
    return await session.scalar(query)


async def list_rates(
    session: Session,
    page: PageRequest,
    kind: Sequence[str] | None,
    fiscal_year: int | None,
    updated_since: datetime | None,
) -> Page[Any]:
    conditions = given(
        (kind, SupportRate.kind.in_),
        (fiscal_year, SupportRate.fiscal_year.__eq__),
        (updated_since, SupportRate.updated_at.__ge__),
    )
    query = select(SupportRate).where(*conditions)
    return await fetch_page(
        session,
        query,
        page,
        sortable=SORTABLE,
        default="code",
        key="code",
    )
