"""SQL of the rules."""

from collections.abc import Sequence
from datetime import datetime

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

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


async def list_rules(
    session: Session,
    page: PageRequest,
    *,
    kind: Sequence[str],
    active: bool | None,
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (kind or None, ReturnRule.kind.in_),
        (active, ReturnRule.active.is_),
        (updated_since, ReturnRule.updated_at.__ge__),
    )
    query = select(ReturnRule).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")
