"""Reading a stream beside its consumers: its state, and which ids lie at which sequence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson
from nats.aio.subscription import Subscription as Listening
from nats.errors import Error

from servicekit.messaging import names
from servicekit.messaging.bus import Bus

PAGE = 1000
"""Messages of one direct-get request."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """`generation` is the moment the stream was made: another one is another stream."""

    generation: str
    messages: int
    first_seq: int
    last_seq: int
    bytes: int
    max_bytes: int

    @property
    def has_holes(self) -> bool:
        """Nothing is ever deleted from within, so a hole is a loss."""
        return self.messages != 0 and self.messages != self.last_seq - self.first_seq + 1

    @property
    def counted(self) -> int:
        """Messages that consumers have to account for: also those that left a full stream."""
        return self.last_seq if self.trimmed else self.messages

    def up_to(self, sequence: int) -> int:
        """How many of `counted` there are up to a sequence; at most, when there are holes."""
        if self.trimmed:
            return sequence
        return min(max(sequence - max(self.first_seq, 1) + 1, 0), self.messages)

    @property
    def trimmed(self) -> bool:
        """Whether the missing beginning left because the stream is full."""
        return self.first_seq > 1 and self.bytes > self.max_bytes * 0.9 > 0


async def state(bus: Bus, publisher: str) -> StreamState:
    """The stream as the server sees it.

    Raises:
        ApiError: there is no such stream. NotConnected, Error: nobody answered.
    """
    info = await bus.api(f"STREAM.INFO.{names.stream(publisher)}")
    found = info["state"]
    return StreamState(
        generation=info["created"],
        messages=found["messages"],
        first_seq=found["first_seq"],
        last_seq=found["last_seq"],
        bytes=found["bytes"],
        max_bytes=info["config"]["max_bytes"],
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one durable has come: everything up to `read` is acknowledged, and `waiting`
    messages are not."""

    durable: str
    read: int
    waiting: int


async def progress(bus: Bus, publisher: str) -> list[Progress]:
    """Of everybody who hears a publisher. Only the publisher may ask.

    Raises:
        ApiError: there is no such stream. NotConnected, Error: nobody answered.
    """
    # Of a cluster the answer takes up to four seconds when a durable has no leader at the moment.
    found = await bus.api(f"CONSUMER.LIST.{names.stream(publisher)}", patience=5)
    return [
        Progress(
            durable=info["name"],
            read=info["ack_floor"]["stream_seq"],
            waiting=info["num_pending"] + info["num_ack_pending"],
        )
        for info in found["consumers"] or ()
    ]


async def id_at(bus: Bus, publisher: str, sequence: int) -> str | None:
    """The id of the event at a sequence, or none where there is none."""
    answer = await bus.client.request(
        f"$JS.API.DIRECT.GET.{names.stream(publisher)}", orjson.dumps({"seq": sequence}), timeout=2
    )
    headers = answer.headers or {}
    if headers.get("Status") == "404":
        return None
    return headers.get("Nats-Msg-Id", "")


async def ids(
    bus: Bus, publisher: str, first: int, last: int
) -> AsyncIterator[list[tuple[str, int]]]:
    """Pages of (event id, sequence) from `first` to `last`, holes left out."""
    subject = f"$JS.API.DIRECT.GET.{names.stream(publisher)}"
    first = max(first, 1)
    while first <= last:
        async with _inbox(bus) as (reply, listening):
            wanted = orjson.dumps({"seq": first, "batch": PAGE})
            await bus.client.publish(subject, wanted, reply=reply)
            page = await _page(listening)
        if not page:
            return
        yield [(event_id, sequence) for event_id, sequence in page if sequence <= last]
        first = page[-1][1] + 1


async def _page(listening: Listening) -> list[tuple[str, int]]:
    page: list[tuple[str, int]] = []
    while True:
        message = await listening.next_msg(timeout=2)
        headers = message.headers or {}
        match headers.get("Status"):
            case None:
                page.append((headers.get("Nats-Msg-Id", ""), int(headers["Nats-Sequence"])))
            case "204" | "404":
                return page
            case status:
                raise Error(f"direct get answered {status}")


@asynccontextmanager
async def _inbox(bus: Bus) -> AsyncIterator[tuple[str, Listening]]:
    client = bus.client
    reply = client.new_inbox()
    listening = await client.subscribe(reply)
    try:
        yield reply, listening
    finally:
        if client.is_connected:
            await listening.unsubscribe()
