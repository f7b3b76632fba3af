"""A delivery is stored with the event, in one transaction: none is lost between the two."""

from typing import Any

from servicekit.db import Session
from servicekit.messaging.subscriptions import Everything, Received

from gateway.events.handlers import PUBLISHERS
from gateway.webhooks import repository


async def on_event(session: Session, event: Received[dict[str, Any]]) -> None:
    """Runs behind the log's handler, which has stored the event."""
    await repository.enqueue(session, event.id)


SUBSCRIPTIONS = [Everything(publisher, on_event) for publisher in PUBLISHERS]
