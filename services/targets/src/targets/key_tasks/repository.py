"""SQL of the key tasks."""

from datetime import datetime

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload
from targets.key_tasks.models import KeyTask

SORTABLE = {"code": KeyTask.code, "number": KeyTask.number, "updated_at": KeyTask.updated_at}
WHOLE = [selectinload(KeyTask.deliverables), selectinload(KeyTask.milestones)]


async def get(session: Session, code: str) -> KeyTask | None:
    return await session.get(KeyTask, code, options=WHOLE)


async def get_for_update(session: Session, code: str) -> KeyTask | None:
    return await session.get(
        KeyTask,
        code,
        options=WHOLE,
        with_for_update={"of": KeyTask, "key_share": True},
        populate_existing=True,
    )


async def list_key_tasks(
    session: Session,
    page: PageRequest,
    *,
    programme: str | None,
    unit: str | None,
    updated_since: datetime | None,
) -> Page:
    """`unit`: tasks it leads or supports."""
    conditions = given(
        (programme, KeyTask.programme.__eq__),
        (unit, lambda one: or_(KeyTask.lead_unit == one, KeyTask.supporting_units.contains([one]))),
        (updated_since, KeyTask.updated_at.__ge__),
    )
    query = select(KeyTask).options(*WHOLE).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")
