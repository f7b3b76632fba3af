"""SQL of the rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select

from parks.quality.models import ReturnRule

SORTABLE = {"code": ReturnRule.code, "updated_at": ReturnRule.updated_at}


async def get(session: Session, code: str) -> ReturnRule | None:
    return await session.get(ReturnRule, code)


async def active(session: Session) -> Sequence[ReturnRule]:
    """The rules in force, in the order of their codes."""
    found = await session.scalars(
        select(ReturnRule).where(ReturnRule.active).order_by(ReturnRule.code)
    )
    return found.all()


async def fetch(
    session: Session,
    page: PageRequest,
    *,
    kind: Sequence[str],
    active: bool | None,
    updated_since: datetime | None,
) -> Page:
    query: Select[Any] = select(ReturnRule)
    if kind:
        query = query.where(ReturnRule.kind.in_(kind))
    if active is not None:
        query = query.where(ReturnRule.active.is_(active))
    if updated_since is not None:
        query = query.where(ReturnRule.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")
