"""Statements on recipient groups."""

from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.recipient_groups.models import RecipientGroup

SORTABLE = {"code": RecipientGroup.code, "updated_at": RecipientGroup.updated_at}


async def find(session: Session, code: str) -> RecipientGroup | None:
    return await session.scalar(select(RecipientGroup).where(RecipientGroup.code == code))


async def get(session: Session, code: str) -> RecipientGroup:
    """Raises `NotFound`."""
    found = await find(session, code)
    if found is None:
        raise NotFound(what=f"recipient group {code}")
    return found


async def list_groups(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    query = select(RecipientGroup).where(*given((updated_since, RecipientGroup.updated_at.__ge__)))
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")
