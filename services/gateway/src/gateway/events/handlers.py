"""Every event of every service goes into the log, with who may see it."""

from typing import Any

from contracts.snapshots import events
from servicekit.db import Session
from servicekit.messaging.subscriptions import Everything, Received

from gateway.events import repository

PUBLISHERS = ("targets", "funding", "parks", "supervision")

_SEEN_BY = {event.type: (event.permission, event.unit_fields) for event in events()}


async def on_event(session: Session, event: Received[dict[str, Any]]) -> None:
    """A type this gateway does not know is kept, and seen by nobody."""
    permission, fields = _SEEN_BY.get(event.type, (None, ()))
    named = (event.data.get(field) for field in fields)
    units = sorted({unit for unit in named if isinstance(unit, str)})
    await repository.append(session, event, permission, units)


SUBSCRIPTIONS = [Everything(publisher, on_event) for publisher in PUBLISHERS]
