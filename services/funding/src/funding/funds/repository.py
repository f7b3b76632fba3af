"""SQL of funds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from funding.funds.models import Fund

SORTABLE = {"code": Fund.code, "updated_at": Fund.updated_at}


async def get(session: Session, code: str) -> Fund | None:
    return await session.get(Fund, code)


async def unknown(session: Session, codes: Sequence[str]) -> list[str]:
    """Those of `codes` no fund has."""
    known = await session.scalars(select(Fund.code).where(Fund.code.in_(codes)))
    return sorted(set(codes) - set(known))


async def list_funds(
    session: Session, page: PageRequest, kind: Sequence[str] | None, updated_since: datetime | None
) -> Page[Any]:
    conditions = given((kind, Fund.kind.in_), (updated_since, Fund.updated_at.__ge__))
    query = select(Fund).where(*conditions)
    return await fetch_page(
        session,
        query,
        page,
        sortable=SORTABLE,
        default="code",
        key="code",
    )
