"""Making the streams and durables: a step of its own, never a service in passing.

It changes what differs and never deletes. Run it at every start, or let `keep` run it for ever:
then a wiped NATS store has its streams and durables back within seconds, and the relays fill
them from the outboxes.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from servicekit.messaging import names
from servicekit.messaging.bus import UNREACHABLE, ApiError, Bus
from servicekit.settings import Settings

SECOND = 1_000_000_000
"""JetStream counts in nanoseconds."""

MAX_BYTES = 2 * 1024**3
"""Of one stream. The oldest messages leave when it is full; they were consumed long before, and
what was not is given out again (`unread`)."""

DUPLICATE_WINDOW = 600
"""Seconds in which a stream knows an id again and stores no second message of it."""

ACK_WAIT = 15
"""Seconds until an unacknowledged message is delivered again, such as after a crash."""

MAX_ACK_PENDING = 5000
"""Messages a consumer may hold unacknowledged: several batches, so that fetching never waits."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Durables:
    """What one service needs: `publisher` is the service itself when it publishes, else none;
    `consumes` are the publishers it hears."""

    publisher: str | None
    consumes: Sequence[str] = ()


async def bootstrap(settings: Settings, durables: Durables) -> None:
    """Make what one service needs, waiting up to a minute for the server."""
    publishers = [*([durables.publisher] if durables.publisher else []), *durables.consumes]
    await ensure_streams_and_durables(
        settings.nats_url,
        settings.nats_bootstrap_user,
        settings.nats_bootstrap_password,
        publishers=publishers,
        consumers={settings.service: durables.consumes},
        replicas=settings.nats_replicas,
    )


async def ensure_streams_and_durables(
    nats_url: str,
    user: str,
    password: str,
    *,
    publishers: Sequence[str],
    consumers: Mapping[str, Sequence[str]],
    replicas: int = 1,
    max_bytes: int = MAX_BYTES,
) -> None:
    """Make every stream and durable, or bring it to this configuration.

    `consumers` are the publishers each service hears. `replicas` is 1 for the embedded server
    and 3 in a cluster.

    Raises:
        TimeoutError: the server was away for a minute. ApiError: it refused.
    """
    bus = Bus(nats_url, user, password)
    await bus.start()
    try:
        async with asyncio.timeout(60):
            await bus.wait_connected()
        await _ensure(bus, publishers, consumers, replicas, max_bytes)
    finally:
        await bus.stop()


async def keep(
    nats_url: str,
    user: str,
    password: str,
    *,
    publishers: Sequence[str],
    consumers: Mapping[str, Sequence[str]],
    every: float = 5.0,
    replicas: int = 1,
    max_bytes: int = MAX_BYTES,
    kept: Callable[[], None] = lambda: None,
) -> None:
    """Do the same again every few seconds until cancelled; what was missing is logged. `kept` is
    called each time everything was there."""
    bus = Bus(nats_url, user, password)
    await bus.start()
    try:
        while True:
            await bus.wait_connected()
            try:
                await _ensure(bus, publishers, consumers, replicas, max_bytes)
                kept()
            except UNREACHABLE as error:
                log.warning("bootstrap_failed", error=str(error) or type(error).__name__)
            await asyncio.sleep(every)
    finally:
        await bus.stop()


async def _ensure(
    bus: Bus,
    publishers: Sequence[str],
    consumers: Mapping[str, Sequence[str]],
    replicas: int,
    max_bytes: int,
) -> None:
    heard = {publisher for each in consumers.values() for publisher in each}
    for publisher in sorted({*publishers, *heard}):
        await _ensure_stream(bus, publisher, replicas, max_bytes)
    for consumer, wanted in consumers.items():
        for publisher in wanted:
            await _ensure_durable(bus, consumer, publisher)


async def _ensure_stream(bus: Bus, publisher: str, replicas: int, max_bytes: int) -> None:
    name = names.stream(publisher)
    wanted = stream_config(publisher, replicas, max_bytes)
    try:
        info = await bus.api(f"STREAM.INFO.{name}")
    except ApiError as error:
        if error.code != ApiError.STREAM_NOT_FOUND:
            raise
        await bus.api(f"STREAM.CREATE.{name}", wanted, patience=10)
        log.warning("stream_made", stream=name)
        return
    if _differs(info["config"], wanted):
        await bus.api(f"STREAM.UPDATE.{name}", {**info["config"], **wanted}, patience=10)
        log.warning("stream_updated", stream=name)


async def _ensure_durable(bus: Bus, consumer: str, publisher: str) -> None:
    stream, name = names.stream(publisher), names.durable(consumer, publisher)
    wanted = durable_config(name)
    try:
        info = await bus.api(f"CONSUMER.INFO.{stream}.{name}")
        if not _differs(info["config"], wanted):
            return
    except ApiError as error:
        if error.code != ApiError.CONSUMER_NOT_FOUND:
            raise
    await bus.api(
        f"CONSUMER.DURABLE.CREATE.{stream}.{name}",
        {"stream_name": stream, "config": wanted},
        patience=10,
    )
    log.warning("durable_made", durable=name)


def stream_config(publisher: str, replicas: int, max_bytes: int) -> dict[str, Any]:
    """Limits retention: with the others the server forgets ids of acknowledged messages."""
    return {
        "name": names.stream(publisher),
        "subjects": [names.subjects(publisher)],
        "retention": "limits",
        "storage": "file",
        "discard": "old",
        "max_bytes": max_bytes,
        "num_replicas": replicas,
        "duplicate_window": DUPLICATE_WINDOW * SECOND,
        "deny_delete": True,
        "deny_purge": True,
        "allow_direct": True,
        "allow_atomic": True,
    }


def durable_config(name: str) -> dict[str, Any]:
    """Delivered until acknowledged: giving up is the consumer's decision, and it says so."""
    return {
        "durable_name": name,
        "deliver_policy": "all",
        "replay_policy": "instant",
        "ack_policy": "explicit",
        "ack_wait": ACK_WAIT * SECOND,
        "max_deliver": -1,
        "max_ack_pending": MAX_ACK_PENDING,
    }


def _differs(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return any(found.get(key) != value for key, value in wanted.items())
