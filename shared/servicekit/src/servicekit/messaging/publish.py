"""Putting events into the stream: one atomic batch, or single messages where they are few or the
batch is refused."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
import structlog
from nats.aio.msg import Msg

from servicekit.ids import new_id
from servicekit.messaging.bus import UNREACHABLE, Bus
from servicekit.messaging.envelope import AGAIN, CONTENT_TYPE

TIMEOUT = 1.0
"""Seconds until an unanswered publish is taken for lost; it is repeated with the same id."""

FEW = 10
"""Messages that go out one by one: an atomic batch costs the server as much as a dozen of them."""

IN_FLIGHT = 64
"""Aggregates published side by side when messages go out one by one."""

log = structlog.get_logger()


class Refused(Exception):
    """The stream answered with an error; `code` is JetStream's `err_code`."""

    DUPLICATE_IN_BATCH = 10201

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{description} ({code})")
        self.code = code


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message; `seq` is its place in the outbox, `id` its `Nats-Msg-Id`."""

    seq: int
    id: str
    aggregate_id: str
    subject: str
    payload: bytes
    again: bool = False
    """Whether it had a place in this stream before, which it left unread."""


async def publish(bus: Bus, batch: Sequence[Outgoing]) -> dict[int, int]:
    """Store the messages in their order; answers outbox sequence → stream sequence.

    After a failure the answer holds only what was certainly stored: the rest is to be tried again
    with the same ids. Within an aggregate what is stored is always a beginning.

    Raises:
        Error, OSError: nothing was certainly stored.
        Refused: the stream does not take messages, such as when it is full.
    """
    if len(batch) <= FEW:
        return await _one_by_one(bus, batch)
    try:
        return await _atomic(bus, batch)
    except Refused as error:
        # Most often a batch that was stored before a crash and never marked as published.
        log.info("batch_refused", code=error.code, size=len(batch))
        return await _one_by_one(bus, batch)


async def _atomic(bus: Bus, batch: Sequence[Outgoing]) -> dict[int, int]:
    client, batch_id = bus.client, new_id().hex
    *body, last = batch
    for number, message in enumerate(body, 1):
        await client.publish(
            message.subject, message.payload, headers=_headers(message, batch_id, number)
        )
    headers = _headers(last, batch_id, len(batch)) | {"Nats-Batch-Commit": "1"}
    answer = await client.request(last.subject, last.payload, TIMEOUT, headers=headers)
    first = _sequence(answer) - len(batch) + 1
    return {message.seq: first + n for n, message in enumerate(batch)}


async def _one_by_one(bus: Bus, batch: Sequence[Outgoing]) -> dict[int, int]:
    """One in flight for each aggregate, many aggregates at once."""
    queues: dict[str, list[Outgoing]] = {}
    for message in batch:
        queues.setdefault(message.aggregate_id, []).append(message)
    stored: dict[int, int] = {}
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def send(queue: list[Outgoing]) -> None:
        async with slots:
            for message in queue:
                stored[message.seq] = await _single(bus, message)

    results = await asyncio.gather(*map(send, queues.values()), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    unexpected = [f for f in failures if not isinstance(f, (*UNREACHABLE, Refused))]
    if unexpected or (failures and not stored):
        raise (unexpected or failures)[0]
    return stored


async def _single(bus: Bus, message: Outgoing) -> int:
    headers = _headers(message)
    answer = await bus.client.request(message.subject, message.payload, TIMEOUT, headers=headers)
    return _sequence(answer)


def _headers(message: Outgoing, batch: str = "", number: int = 0) -> dict[str, str]:
    headers = {"Nats-Msg-Id": message.id, "Content-Type": CONTENT_TYPE}
    if message.again:
        headers[AGAIN] = "1"
    if batch:
        headers |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
    return headers


def _sequence(answer: Msg) -> int:
    body = orjson.loads(answer.data)
    if error := body.get("error"):
        raise Refused(error.get("err_code", 0), error.get("description", ""))
    return int(body["seq"])
