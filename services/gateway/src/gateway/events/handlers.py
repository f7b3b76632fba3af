"""Every event of every service goes into the log, with who may see it."""

from collections.abc import Sequence
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
    await repository.append(session, event, permission, units_in(event.data, fields))


def units_in(data: dict[str, Any], fields: Sequence[str]) -> list[str]:
    """The units that these fields name, each of them one or a list."""
    named: set[str] = set()
    for field in fields:
        value = data.get(field)
        listed: list[Any] = value if isinstance(value, list) else [value]
        named |= {unit for unit in listed if isinstance(unit, str)}
    return sorted(named)


SUBSCRIPTIONS = [Everything(publisher, on_event) for publisher in PUBLISHERS]
