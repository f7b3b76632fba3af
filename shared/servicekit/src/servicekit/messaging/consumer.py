"""One durable: fetch, apply, then acknowledge. In this order, so that nothing is lost."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace

import structlog
from nats.aio.msg import Msg

from servicekit.messaging import inbox, metrics, names, stream
from servicekit.messaging.apply import Applier, Verdict
from servicekit.messaging.bus import UNREACHABLE, ApiError, Bus
from servicekit.messaging.delivery import (
    Delivery,
    Outcome,
    given_out_again,
    read,
    stream_sequence,
)
from servicekit.messaging.errors import is_passing
from servicekit.messaging.pull import DurableMissing, Pull

BATCH = 500
"""Events of one transaction."""

BURST = 0.005
"""Seconds in which further events share the next transaction."""

log = structlog.get_logger()


class Consumer:
    """Runs until it is cancelled. `trouble` is what keeps it from working, or none."""

    def __init__(self, bus: Bus, service: str, applier: Applier) -> None:
        self._bus, self._service, self._applier = bus, service, applier
        self.publisher = applier.publisher
        self.trouble: str | None = None
        self.active = False
        """Whether it runs here, and not in another worker."""
        self.last_progress = time.monotonic()
        self._restart = asyncio.Event()

    async def run(self) -> None:
        """Read the durable over the connection of the moment, and again over the next."""
        self.active = True
        self.last_progress = time.monotonic()
        try:
            await self._run()
        finally:
            self.active, self.trouble = False, None

    async def _run(self) -> None:
        while True:
            await self._bus.wait_connected()
            try:
                await self._over_this_connection()
            except (DurableMissing, ApiError) as error:
                self._missing(error)
                await asyncio.sleep(1.0)
            except UNREACHABLE as error:
                self.trouble = f"NATS: {error or type(error).__name__}"
                await asyncio.sleep(0.25)

    def restart(self) -> None:
        """Ask for a new subscription; the watchdog does when nothing moves."""
        self._restart.set()

    async def _over_this_connection(self) -> None:
        epoch = self._bus.epoch
        self._restart.clear()
        generation = await self._count_on()
        pull = Pull(self._bus, self._service, self.publisher)
        await pull.open()
        try:
            while epoch == self._bus.epoch and not self._restart.is_set():
                messages = await pull.batch(BATCH)
                self._found()
                if messages:
                    await self._handle(generation, messages)
                    await asyncio.sleep(BURST)
        finally:
            await pull.close()

    async def _count_on(self) -> str:
        """Go on counting where the tally left off, if that fits the stream; its generation."""
        durable = names.durable(self._service, self.publisher)
        found = await stream.state(self._bus, self.publisher)
        info = await self._bus.api(f"CONSUMER.INFO.{names.stream(self.publisher)}.{durable}")
        delivered = found.up_to(info["delivered"]["stream_seq"])
        handled = max(delivered - info["num_ack_pending"], 0)
        async with self._applier.database.session() as session:
            fits = await inbox.fit_tally(
                session, self.publisher, found.generation, delivered=delivered, handled=handled
            )
        if not fits:
            log.warning("counting_anew", publisher=self.publisher, generation=found.generation)
        return found.generation

    async def _handle(self, generation: str, messages: Sequence[Msg]) -> None:
        handlers = self._applier.handlers
        batch = [
            replace(
                read(handlers, generation, stream_sequence(m), m.subject, m.data),
                again=given_out_again(m),
            )
            for m in messages
        ]
        try:
            verdicts = await self._until_applied(generation, batch)
        except BaseException:
            # Stopped or broken in between: give all of it back, so that nobody waits for it.
            await _give_back(messages)
            raise
        for message, delivery in zip(messages, batch, strict=True):
            await _answer(message, verdicts[delivery.sequence])
        if any(verdict.outcome is not Outcome.LATER for verdict in verdicts.values()):
            self.last_progress = time.monotonic()

    async def _until_applied(
        self, generation: str, batch: Sequence[Delivery]
    ) -> dict[int, Verdict]:
        """Wait for the database as long as it takes; the server delivers again what it forgets."""
        pause = 0.05
        while True:
            try:
                verdicts = await self._applier.apply(generation, batch)
            except Exception as error:
                if not is_passing(error):
                    raise
                self.trouble = f"database: {error}"[:200]
                log.warning("consumer_waits", publisher=self.publisher, error=str(error)[:200])
                self.last_progress = time.monotonic()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
            else:
                self.trouble = None
                return verdicts

    def _missing(self, error: Exception) -> None:
        durable = names.durable(self._service, self.publisher)
        metrics.MISSING.labels(durable).set(1)
        text = f"{durable} is missing: {error}"
        if text != self.trouble:
            log.error("durable_missing", durable=durable, error=str(error))
        self.trouble = text

    def _found(self) -> None:
        metrics.MISSING.labels(names.durable(self._service, self.publisher)).set(0)
        self.trouble = None


async def _answer(message: Msg, verdict: Verdict) -> None:
    if verdict.outcome is Outcome.LATER:
        await message.nak(delay=verdict.pause)
    else:
        await message.ack()


async def _give_back(messages: Sequence[Msg]) -> None:
    with contextlib.suppress(*UNREACHABLE):
        for message in messages:
            await message.nak()
