"""SQL of the objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
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


async def list_objections(
    session: Session, page: PageRequest, wanted: ObjectionFilter
) -> Page[Any]:
    row = Objection
    conditions = given(
        (wanted.units, row.objector_unit.in_),
        (wanted.notice_id, row.notice_id.__eq__),
        (wanted.call_id, row.call_id.__eq__),
        (wanted.application_id, row.application_id.__eq__),
        (wanted.state, row.state.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
