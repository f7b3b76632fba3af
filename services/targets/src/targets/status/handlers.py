"""Supervision's events: what is open on an indicator."""

from contracts.supervision import ItemClosed, ItemOpened
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription
from targets.status import service


async def on_item_opened(session: Session, event: Received[ItemOpened]) -> None:
    data = event.data
    await service.item_opened(
        session,
        item_id=data.item_id,
        number=data.number,
        title=data.title,
        origin=data.origin,
        origin_ref=data.origin_ref,
        responsible_unit=data.responsible_unit,
        due_on=data.due_on,
    )


async def on_item_closed(session: Session, event: Received[ItemClosed]) -> None:
    data = event.data
    await service.item_closed(
        session,
        item_id=data.item_id,
        origin=data.origin,
        origin_ref=data.origin_ref,
        outcome=data.outcome,
        closed_at=data.closed_at,
    )


SUBSCRIPTIONS = (
    Subscription(ItemOpened, on_item_opened),
    Subscription(ItemClosed, on_item_closed),
)
