"""Statements on deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select, update

from supervision.bulletin_deliveries.domain import BulletinDeliveryState
from supervision.bulletin_deliveries.models import BulletinDelivery

SORTABLE = {
    "id": BulletinDelivery.id,
    "created_at": BulletinDelivery.created_at,
    "updated_at": BulletinDelivery.updated_at,
}


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """What a list of deliveries may be narrowed to; an empty filter narrows nothing."""

    bulletin_id: UUID | None = None
    unit_code: str | None = None
    group_code: str | None = None
    state: Sequence[str] = ()
    updated_since: datetime | None = None


def send(
    session: Session,
    bulletin_id: UUID,
    number: str,
    title: str,
    recipients: Sequence[Mapping[str, Any]],
) -> None:
    """One delivery for each recipient."""
    session.add_all(
        BulletinDelivery(
            bulletin_id=bulletin_id,
            bulletin_number=number,
            title=title,
            group_code=each["group_code"],
            recipient_zh=each["name_zh"],
            recipient_en=each["name_en"],
            unit_code=each["unit"],
            delivery=each["delivery"],
            state=BulletinDeliveryState.SENT,
        )
        for each in recipients
    )


async def recall(session: Session, bulletin_id: UUID) -> None:
    """Call every copy back; who had received it stays written."""
    await session.execute(
        update(BulletinDelivery)
        .where(BulletinDelivery.bulletin_id == bulletin_id)
        .values(state=BulletinDeliveryState.RECALLED, version=BulletinDelivery.version + 1)
    )


async def get(session: Session, delivery_id: UUID, *, lock: bool = False) -> BulletinDelivery:
    """Raises `NotFound`."""
    query = select(BulletinDelivery).where(BulletinDelivery.id == delivery_id)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(what=f"bulletin delivery {delivery_id}")
    return found


async def list_deliveries(
    session: Session, page: PageRequest, units: Sequence[str] | None, filters: DeliveryFilter
) -> Page[Any]:
    """Deliveries to the given units (none: to everybody)."""
    row = BulletinDelivery
    query = select(row).where(
        *given(
            (units, row.unit_code.in_),
            (filters.bulletin_id, row.bulletin_id.__eq__),
            (filters.unit_code, row.unit_code.__eq__),
            (filters.group_code, row.group_code.__eq__),
            (filters.state or None, row.state.in_),
            (filters.updated_since, row.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")
