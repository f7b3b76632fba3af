"""Fetching from a durable: one request open at all times, its messages taken as they come.

`fetch(batch)` of the client library asks, waits for the whole batch or its end, and asks again;
with more than one message it stalls for seconds at times. Here a single long request feeds a
buffer, so a lone event is there at once and a backlog comes in hundreds.
"""

import asyncio
import contextlib
import time
from collections import deque

import orjson
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as Listening
from nats.errors import Error

from servicekit.messaging import names
from servicekit.messaging.bus import Bus

REQUEST = 500
"""Messages of one request."""

EXPIRES = 10.0
"""Seconds after which the server ends a request that is not satisfied."""

HEARTBEAT = 1.0
"""Seconds between signs of life of an open request; three missed ones make it stale."""

SECOND = 1_000_000_000


class DurableMissing(Error):
    """Nobody answers for the durable: it, or its stream, is not there."""


class Pull:
    """Messages of one durable over one connection; made anew after a reconnect."""

    def __init__(self, bus: Bus, consumer: str, publisher: str) -> None:
        self._bus = bus
        stream, durable = names.stream(publisher), names.durable(consumer, publisher)
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._buffer: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._open = 0
        self._heard = 0.0
        self._failure: Error | None = None
        self._reply = ""
        self._listening: Listening | None = None

    async def open(self) -> None:
        """Subscribe and ask for the first messages."""
        client = self._bus.client
        self._reply = client.new_inbox()
        self._listening = await client.subscribe(self._reply, cb=self._receive)
        await self._request()

    async def close(self) -> None:
        """Give back what was not taken, so that it is delivered again at once."""
        with contextlib.suppress(Error, OSError):
            if self._listening is not None and self._bus.client:
                await self._listening.unsubscribe()
                for message in self._buffer:
                    await message.nak()

    async def batch(self, size: int) -> list[Msg]:
        """At least one message and at most `size`, in the order of the stream; empty after a
        second without any.

        Raises:
            DurableMissing: bootstrap has to make it. Error: the request is stale or was refused.
        """
        if not self._buffer:
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT):
                    await self._arrived.wait()
        if self._failure is not None:
            raise self._failure
        if time.monotonic() - self._heard > 3 * HEARTBEAT and not self._buffer:
            raise Error("the server has gone silent on an open request")
        taken = [self._buffer.popleft() for _ in range(min(size, len(self._buffer)))]
        if self._open <= 0 and len(self._buffer) < REQUEST:
            await self._request()
        return taken

    async def _request(self) -> None:
        self._open = REQUEST
        self._heard = time.monotonic()
        body = {
            "batch": REQUEST,
            "expires": int(EXPIRES * SECOND),
            "idle_heartbeat": int(HEARTBEAT * SECOND),
        }
        await self._bus.client.publish(self._subject, orjson.dumps(body), reply=self._reply)

    async def _receive(self, message: Msg) -> None:
        self._heard = time.monotonic()
        status = (message.headers or {}).get("Status") if message.headers else None
        if status is None:
            self._buffer.append(message)
            self._open -= 1
            if self._open == 0 and len(self._buffer) < REQUEST:
                await self._request()
        elif status in ("408", "409"):
            await self._ended(message)
        elif status != "100":
            self._failure = DurableMissing(f"pull request answered {status}")
        self._arrived.set()

    async def _ended(self, message: Msg) -> None:
        """The request ran out, or the durable's allowance did (409): ask again.

        Raises nothing: a deleted durable is noted for the next `batch`.
        """
        text = str((message.headers or {}).get("Description", ""))
        if "Deleted" in text:
            self._failure = DurableMissing(text)
            return
        if "Shutdown" in text:
            self._failure = Error(text)
            return
        if "MaxAckPending" in text or "Exceeded" in text:
            await asyncio.sleep(0.05)
        if len(self._buffer) < REQUEST:
            await self._request()
        else:
            self._open = 0
