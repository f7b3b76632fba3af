"""Counting: outbox, schedules, stream and inbox every few seconds, and a watchdog over them.

Always: applied + ignored + parked + pending = messages of the stream.
"""

import asyncio
import time
from collections.abc import Sequence

import structlog

from servicekit.db import Database
from servicekit.messaging import metrics, names, stream
from servicekit.messaging.bus import UNREACHABLE, Bus
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.errors import is_passing

EVERY = 5.0
"""Seconds between two counts."""

STUCK = 10.0
"""Seconds without progress, while messages wait, after which a consumer is started anew."""

log = structlog.get_logger()

_OUTBOX = """SELECT count(*) AS pending,
 coalesce(extract(epoch FROM now() - min(time)), 0)::float8 AS age
 FROM outbox WHERE published_at IS NULL"""

_TALLY = """SELECT outcome, events FROM inbox_tally WHERE publisher = $1 AND generation = $2"""

_PARKED = """SELECT publisher, count(*) AS events FROM parked_event
 WHERE resolved_at IS NULL GROUP BY publisher"""

_SCHEDULES = "SELECT name, extract(epoch FROM last_run_at)::float8 AS at FROM schedule_run"


class Observer:
    """Runs until it is cancelled."""

    def __init__(
        self, bus: Bus, database: Database, service: str, consumers: Sequence[Consumer]
    ) -> None:
        self._bus, self._database, self._service = bus, database, service
        self._consumers = consumers
        self._strikes: dict[str, int] = {}

    async def run(self) -> None:
        while True:
            try:
                await self._own()
                for consumer in self._consumers:
                    await self._consumer(consumer)
            except UNREACHABLE as error:
                log.debug("observer_waits", error=str(error))
            except Exception as error:
                if not is_passing(error):
                    raise
            await asyncio.sleep(EVERY)

    async def _own(self) -> None:
        async with self._database.session() as session:
            outgoing = await session.fetch_row(_OUTBOX)
            parked = await session.fetch(_PARKED)
            schedules = await session.fetch(_SCHEDULES)
        if outgoing is not None:
            metrics.OUTBOX_PENDING.set(outgoing["pending"])
            metrics.OUTBOX_AGE.set(outgoing["age"])
        for row in schedules:
            metrics.SCHEDULE_RUN.labels(row["name"]).set(row["at"])
        waiting = {row["publisher"]: row["events"] for row in parked}
        for consumer in self._consumers:
            events = waiting.get(consumer.publisher, 0)
            metrics.PARKED.labels(consumer.publisher).set(events)

    async def _consumer(self, consumer: Consumer) -> None:
        publisher = consumer.publisher
        account = await take_account(self._bus, self._database, self._service, publisher)
        metrics.STREAM_MESSAGES.labels(publisher).set(account.messages)
        metrics.CONSUMER_PENDING.labels(publisher).set(account.pending)
        metrics.UNACCOUNTED.labels(publisher).set(account.unaccounted)
        for outcome, events in account.outcomes.items():
            metrics.INBOX.labels(publisher, outcome).set(events)
        await self._watch(consumer, account.pending)
        if not account.pending and account.unaccounted < 0:
            # Counted further than the stream goes, which only a new beginning finds out.
            consumer.restart()

    async def _watch(self, consumer: Consumer, pending: int) -> None:
        """First a new subscription; if that did not help either, a new connection."""
        idle = time.monotonic() - consumer.last_progress
        if not consumer.active or not pending or idle < STUCK:
            self._strikes.pop(consumer.publisher, None)
            return
        strikes = self._strikes.get(consumer.publisher, 0) + 1
        self._strikes[consumer.publisher] = strikes
        log.warning("consumer_stuck", publisher=consumer.publisher, pending=pending, idle=idle)
        if strikes % 4 == 0:
            await self._bus.reconnect()
        elif strikes % 2 == 1:
            consumer.restart()


class Account:
    """One stream's messages by what became of them at one consumer."""

    def __init__(self, messages: int, pending: int, outcomes: dict[str, int]) -> None:
        self.messages, self.pending, self.outcomes = messages, pending, outcomes

    @property
    def unaccounted(self) -> int:
        """0 at rest; while messages are between commit and acknowledgement they count twice."""
        return self.messages - self.pending - sum(self.outcomes.values())


async def take_account(bus: Bus, database: Database, service: str, publisher: str) -> Account:
    """Count now.

    Raises:
        ApiError: stream or durable is missing. Error, OSError: NATS is away.
    """
    durable = f"{names.stream(publisher)}.{names.durable(service, publisher)}"
    info = await bus.api(f"CONSUMER.INFO.{durable}")
    found = await stream.state(bus, publisher)
    async with database.session() as session:
        rows = await session.fetch(_TALLY, publisher, found.generation)
    outcomes = {"applied": 0, "ignored": 0, "parked": 0}
    outcomes |= {row["outcome"]: row["events"] for row in rows}
    pending = info["num_pending"] + info["num_ack_pending"]
    return Account(found.counted, pending, outcomes)
