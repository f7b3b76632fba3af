"""SQL of the conflicts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select
from targets.conflicts.models import ConflictArgument, PlanConflict

SORTABLE = {"code": PlanConflict.code, "updated_at": PlanConflict.updated_at}
ARGUMENT_SORT = {
    "id": ConflictArgument.id,
    "argued_at": ConflictArgument.argued_at,
    "updated_at": ConflictArgument.argued_at,
}


async def get(session: Session, code: str) -> PlanConflict | None:
    return await session.get(PlanConflict, code)


async def get_for_update(session: Session, code: str) -> PlanConflict | None:
    return await session.get(PlanConflict, code, with_for_update={"key_share": True})


async def list_conflicts(
    session: Session,
    page: PageRequest,
    *,
    state: Sequence[str] | None,
    subject_code: str | None,
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (state, PlanConflict.state.in_),
        (subject_code, PlanConflict.subject_code.__eq__),
        (updated_since, PlanConflict.updated_at.__ge__),
    )
    query = select(PlanConflict).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")


async def get_argument(session: Session, code: str, argument_id: UUID) -> ConflictArgument | None:
    row = ConflictArgument
    return await session.scalar(select(row).where(row.id == argument_id, row.conflict_code == code))


async def list_arguments(
    session: Session,
    page: PageRequest,
    code: str,
    *,
    unit_code: str | None,
    updated_since: datetime | None,
) -> Page:
    row = ConflictArgument
    conditions = given((unit_code, row.unit_code.__eq__), (updated_since, row.argued_at.__ge__))
    query = select(row).where(row.conflict_code == code, *conditions)
    return await fetch_page(session, query, page, sortable=ARGUMENT_SORT, default="argued_at")
