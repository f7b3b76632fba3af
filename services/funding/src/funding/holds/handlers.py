"""Supervision's items, heard as payment holds."""

from contracts.supervision import ItemClosed, ItemDeadlineChanged, ItemOpened, ItemTransferred
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from funding.holds import service


async def on_item_opened(session: Session, event: Received[ItemOpened]) -> None:
    """Hold the payments to the responsible unit, if the item says so."""
    item = event.data
    if not item.holds_payments:
        return
    await service.open_hold(
        session,
        {
            "item_id": item.item_id,
            "item_number": item.number,
            "title": item.title,
            "payee_unit": item.responsible_unit,
            "due_on": item.due_on,
        },
    )


async def on_item_transferred(session: Session, event: Received[ItemTransferred]) -> None:
    """What was held for one unit is held for the other."""
    await service.move_hold(session, event.data.item_id, event.data.responsible_unit)


async def on_item_deadline_changed(session: Session, event: Received[ItemDeadlineChanged]) -> None:
    """Payments are held for longer, or less long."""
    await service.set_due_day(session, event.data.item_id, event.data.due_on)


async def on_item_closed(session: Session, event: Received[ItemClosed]) -> None:
    """Release what this item held. An item that held nothing is nothing to us."""
    item = event.data
    await service.release_hold(session, item.item_id, item.outcome, item.closed_at)


SUBSCRIPTIONS = (
    Subscription(ItemOpened, on_item_opened),
    Subscription(ItemTransferred, on_item_transferred),
    Subscription(ItemDeadlineChanged, on_item_deadline_changed),
    Subscription(ItemClosed, on_item_closed),
)
