"""SQL of the objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import func, select

from funding.objections.models import Objection

SORTABLE = {"id": Objection.id, "updated_at": Objection.updated_at}


async def get(session: Session, objection_id: UUID) -> Objection | None:
    return await session.get(Objection, objection_id)


async def get_for_update(session: Session, objection_id: UUID) -> Objection | None:
    query = select(Objection).where(Objection.id == objection_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def count(session: Session, **wanted: Any) -> int:
    """How many objections have these values: `count(session, call_id=…, state="raised")`."""
    query = select(func.count()).select_from(Objection).filter_by(**wanted)
    return await session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class ObjectionFilter:
    """`units` are those whose objections the caller may see; none for all."""

    units: Sequence[str] | None = None
    notice_id: UUID | None = None
    call_id: UUID | None = None
    application_id: UUID | None = None
    state: Sequence[str] | None = None
    updated_since: datetime | None = None


async def page_of(session: Session, page: PageRequest, wanted: ObjectionFilter) -> Page[Any]:
    row = Objection
    query = select(row)
    if wanted.units is not None:
        query = query.where(row.objector_unit.in_(wanted.units))
    if wanted.notice_id is not None:
        query = query.where(row.notice_id == wanted.notice_id)
    if wanted.call_id is not None:
        query = query.where(row.call_id == wanted.call_id)
    if wanted.application_id is not None:
        query = query.where(row.application_id == wanted.application_id)
    if wanted.state is not None:
        query = query.where(row.state.in_(wanted.state))
    if wanted.updated_since is not None:
        query = query.where(row.updated_at >= wanted.updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
