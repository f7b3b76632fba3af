"""One message on its way through a consumer, and what is to be told to the server about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from nats.aio.msg import Msg

from servicekit.messaging.envelope import AGAIN, Envelope, Malformed, decode
from servicekit.messaging.subscriptions import Handler, Handlers, Received

_NOBODY = UUID("5b0c9a52-7a1e-4f0e-9d0b-6a1c5e0f3d11")
"""Name space of the ids that messages get which carry none."""


class Outcome(StrEnum):
    """What became of a message; the first three are the `outcome` of its inbox row."""

    APPLIED = "applied"
    IGNORED = "ignored"
    PARKED = "parked"
    REPEATED = "repeated"
    """Received before: nothing happened this time."""
    LATER = "later"
    """Not now: the server is to deliver it again."""


class Reason(StrEnum):
    """Why an event is parked."""

    FAILED = "failed"
    """Its handler raised, again and again."""
    INVALID = "invalid"
    """It cannot be read, or does not fit its class."""
    GAP = "gap"
    """An earlier event of its aggregate never came."""
    BEHIND = "behind"
    """An earlier event of its aggregate is parked."""


@dataclass(slots=True)
class Delivery:
    """A message with everything that could be read from it."""

    event_id: UUID
    sequence: int
    subject: str
    raw: bytes
    envelope: Envelope | None
    calls: list[tuple[Handler, Received[Any]]]
    heard: bool
    error: str = ""
    """Why it cannot be handled at all, or nothing."""
    again: bool = False
    """Whether it had a place in this stream before, which it left unread."""

    @property
    def aggregate_id(self) -> str:
        return self.envelope.aggregate_id if self.envelope else ""

    @property
    def version(self) -> int:
        return self.envelope.aggregate_version if self.envelope else 0

    @property
    def type(self) -> str:
        return self.envelope.type if self.envelope else ""


def stream_sequence(message: Msg) -> int:
    """The message's place in its stream, from the acknowledgement subject
    (`$JS.ACK.<stream>.<durable>.<deliveries>.<stream sequence>…`, or with domain and account)."""
    tokens = message.reply.split(".")
    return int(tokens[5] if len(tokens) <= 9 else tokens[7])


def given_out_again(message: Msg) -> bool:
    """Whether the publisher says that it had a place in this stream before."""
    return AGAIN in (message.headers or {})


def read(handlers: Handlers, generation: str, sequence: int, subject: str, raw: bytes) -> Delivery:
    """Parse and validate; whatever is wrong is noted and never raised."""
    try:
        envelope = decode(raw)
    except Malformed as error:
        event_id = uuid5(_NOBODY, f"{handlers.publisher}/{generation}/{sequence}")
        return Delivery(event_id, sequence, subject, raw, None, [], False, error=str(error))
    delivery = Delivery(envelope.id, sequence, subject, raw, envelope, [], False)
    if envelope.type != subject:
        delivery.error = f"type {envelope.type} arrived on subject {subject}"
        return delivery
    delivery.heard = handlers.hears(envelope.type)
    try:
        delivery.calls = handlers.validate(envelope)
    except ValueError as error:
        delivery.error = str(error)[:2000]
    return delivery
