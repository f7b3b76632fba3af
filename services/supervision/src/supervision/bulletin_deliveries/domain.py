"""The rules of a delivery, without a database: sent → received; either may be recalled."""

from enum import StrEnum

from servicekit.problems import InvalidTransition


class BulletinDeliveryState(StrEnum):
    SENT = "sent"
    RECEIVED = "received"
    RECALLED = "recalled"


def receive(state: str) -> BulletinDeliveryState:
    """Raises `InvalidTransition`: it is confirmed already, or recalled."""
    if state != BulletinDeliveryState.SENT:
        raise InvalidTransition(state=state, action="receive")
    return BulletinDeliveryState.RECEIVED
