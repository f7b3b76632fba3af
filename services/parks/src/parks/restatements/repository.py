"""SQL of the restatements."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import Select, select

from parks.restatements.models import ReturnRestatement

SORTABLE = {"updated_at": ReturnRestatement.updated_at, "id": ReturnRestatement.id}


async def get(session: Session, return_id: UUID, restatement_id: UUID) -> ReturnRestatement | None:
    return await session.scalar(_one(return_id, restatement_id))


async def get_for_update(
    session: Session, return_id: UUID, restatement_id: UUID
) -> ReturnRestatement | None:
    return await session.scalar(_one(return_id, restatement_id).with_for_update(key_share=True))


def _one(return_id: UUID, restatement_id: UUID) -> Select[ReturnRestatement]:
    row = ReturnRestatement
    return select(row).where(row.return_id == return_id, row.id == restatement_id)


async def is_open(session: Session, return_id: UUID) -> bool:
    """Whether one waits for its decision. The return's row must be locked."""
    row = ReturnRestatement
    query = select(row.id).where(row.return_id == return_id, row.state == "submitted")
    return await session.scalar(query) is not None


async def first_after(
    session: Session, return_id: UUID, moment: datetime
) -> ReturnRestatement | None:
    """The first that was accepted after a moment: its `before` is what was known then."""
    row = ReturnRestatement
    query = select(row).where(
        row.return_id == return_id, row.state == "accepted", row.decided_at > moment
    )
    return await session.scalar(query.order_by(row.decided_at).limit(1))


async def list_restatements(
    session: Session,
    page: PageRequest,
    return_id: UUID,
    *,
    state: Sequence[str],
    updated_since: datetime | None,
) -> Page:
    row = ReturnRestatement
    conditions = given((state or None, row.state.in_), (updated_since, row.updated_at.__ge__))
    query = select(row).where(row.return_id == return_id, *conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")
