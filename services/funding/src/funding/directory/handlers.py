"""The directory's units, kept as a copy for permissions and payees."""

from contracts.targets import UnitChanged
from servicekit.auth.directory import upsert_unit
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription


async def on_unit_changed(session: Session, event: Received[UnitChanged]) -> None:
    unit = event.data
    await upsert_unit(
        session,
        code=unit.unit_code,
        name=unit.name,
        kind=unit.kind,
        parents=unit.parent_codes,
        active=unit.active,
    )


SUBSCRIPTIONS = (Subscription(UnitChanged, on_unit_changed),)
