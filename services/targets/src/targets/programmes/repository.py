"""SQL of the programmes."""

from datetime import datetime

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import Select, select
from targets.programmes.models import Programme

SORTABLE = {"code": Programme.code, "updated_at": Programme.updated_at}


async def get(session: Session, code: str) -> Programme | None:
    return await session.get(Programme, code)


async def get_for_update(session: Session, code: str) -> Programme | None:
    return await session.get(Programme, code, with_for_update={"key_share": True})


async def fetch(session: Session, page: PageRequest, updated_since: datetime | None) -> Page:
    query: Select = select(Programme)
    if updated_since is not None:
        query = query.where(Programme.updated_at >= updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")
