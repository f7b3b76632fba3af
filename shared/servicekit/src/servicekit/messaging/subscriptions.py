"""Which event goes to which handler, and what a handler receives."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar
from uuid import UUID

from servicekit.db import Session
from servicekit.messaging import names
from servicekit.messaging.envelope import Envelope


class EventModel(Protocol):
    """A pydantic model of an event, such as `contracts.base.Event`."""

    type: ClassVar[str]

    @classmethod
    def model_validate(cls, obj: Any) -> Self: ...


E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """One event as a handler sees it. `data` is the validated event, or the plain object for a
    handler that hears everything."""

    id: UUID
    type: str
    publisher: str
    aggregate_id: str
    aggregate_version: int
    time: datetime
    data: E
    correlation_id: str
    causation_id: str | None
    traceparent: str | None


Handler = Callable[[Session, Received[Any]], Awaitable[None]]
"""Applies one event in the session it is given; it neither commits nor swallows errors."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One event class and what to do with it."""

    event: type[EventModel]
    handler: Handler

    @property
    def publisher(self) -> str:
        return names.publisher_of(self.event.type)


@dataclass(frozen=True, slots=True)
class Everything:
    """Every event of one publisher; the handler gets the data as a plain object."""

    publisher: str
    handler: Handler


@dataclass(slots=True)
class Handlers:
    """What one service does with the events of one publisher."""

    publisher: str
    by_type: dict[str, list[Subscription]] = field(default_factory=dict)
    for_all: list[Handler] = field(default_factory=list)

    def hears(self, event_type: str) -> bool:
        return bool(self.for_all) or event_type in self.by_type

    def validate(self, envelope: Envelope) -> list[tuple[Handler, Received[Any]]]:
        """The handlers of an event, each with the data as it wants it.

        Raises:
            ValueError: the data does not fit the event's class.
        """
        calls: list[tuple[Handler, Received[Any]]] = []
        for subscription in self.by_type.get(envelope.type, ()):
            data = subscription.event.model_validate(envelope.data)
            calls.append((subscription.handler, self._received(envelope, data)))
        calls.extend((handler, self._received(envelope, envelope.data)) for handler in self.for_all)
        return calls

    def _received(self, envelope: Envelope, data: Any) -> Received[Any]:
        return Received(
            id=envelope.id,
            type=envelope.type,
            publisher=self.publisher,
            aggregate_id=envelope.aggregate_id,
            aggregate_version=envelope.aggregate_version,
            time=envelope.time,
            data=data,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            traceparent=envelope.traceparent,
        )


def by_publisher(subscriptions: Iterable[Subscription | Everything]) -> Mapping[str, Handlers]:
    """Group the subscriptions of a service by the stream they come from."""
    grouped: dict[str, Handlers] = {}
    for subscription in subscriptions:
        handlers = grouped.setdefault(subscription.publisher, Handlers(subscription.publisher))
        if isinstance(subscription, Everything):
            handlers.for_all.append(subscription.handler)
        else:
            handlers.by_type.setdefault(subscription.event.type, []).append(subscription)
    return grouped
