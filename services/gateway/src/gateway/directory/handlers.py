"""The unit tree is copied as it is told: who may see an event is decided on the copy."""

from contracts.targets import UnitChanged
from servicekit.auth import directory
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription


async def on_unit_changed(session: Session, event: Received[UnitChanged]) -> None:
    unit = event.data
    await directory.upsert_unit(
        session,
        code=unit.unit_code,
        name=unit.name,
        kind=unit.kind,
        parents=unit.parent_codes,
        active=unit.active,
    )


SUBSCRIPTIONS = [Subscription(UnitChanged, on_unit_changed)]
