"""Every statement on requests for more time and on deadlines that run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select, update

from supervision.deadlines.domain import ExtensionState
from supervision.deadlines.models import ExtensionRequest
from supervision.items.domain import WITH_THE_UNIT
from supervision.items.models import SupervisionItem

SORTABLE = {
    "id": ExtensionRequest.id,
    "created_at": ExtensionRequest.created_at,
    "updated_at": ExtensionRequest.updated_at,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of requests may be narrowed to; an empty filter narrows nothing."""

    item_id: UUID | None = None
    responsible_unit: str | None = None
    state: Sequence[str] = ()
    updated_since: datetime | None = None


async def get(session: Session, request_id: UUID) -> ExtensionRequest:
    """Raises `NotFound`."""
    found = await session.get(ExtensionRequest, request_id)
    if found is None:
        raise NotFound(what=f"extension request {request_id}")
    return found


async def get_for_update(session: Session, request_id: UUID) -> ExtensionRequest:
    """The request, locked. Raises `NotFound`."""
    query = select(ExtensionRequest).where(ExtensionRequest.id == request_id).with_for_update()
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what=f"extension request {request_id}")
    return found


async def is_pending(session: Session, item_id: UUID) -> bool:
    query = select(ExtensionRequest.id).where(
        ExtensionRequest.item_id == item_id, ExtensionRequest.state == ExtensionState.REQUESTED
    )
    return await session.scalar(query) is not None


async def withdraw_pending(session: Session, item_id: UUID) -> None:
    """An item that is submitted or has ended needs no more time."""
    await session.execute(
        update(ExtensionRequest)
        .where(
            ExtensionRequest.item_id == item_id, ExtensionRequest.state == ExtensionState.REQUESTED
        )
        .values(state=ExtensionState.WITHDRAWN, version=ExtensionRequest.version + 1)
        .execution_options(synchronize_session=False)
    )


async def list_requests(
    session: Session, page: PageRequest, units: Sequence[str] | None, filters: Filters
) -> Page[Any]:
    """Requests of the given units (none: of all)."""
    row = ExtensionRequest
    query = select(row).where(
        *given(
            (units, row.responsible_unit.in_),
            (filters.item_id, row.item_id.__eq__),
            (filters.responsible_unit, row.responsible_unit.__eq__),
            (filters.state or None, row.state.in_),
            (filters.updated_since, row.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")


async def running(session: Session, *, over: date | None = None) -> list[SupervisionItem]:
    """Items whose deadline runs and was counted in workdays or moved to one, locked in order;
    with `over` those whose time includes that day."""
    item = SupervisionItem
    query = select(item).where(item.status.in_(WITH_THE_UNIT), item.due_from.is_not(None))
    if over is not None:
        query = query.where(item.due_from <= over, item.due_on >= over)
    return list(await session.scalars(query.order_by(item.id).with_for_update()))
