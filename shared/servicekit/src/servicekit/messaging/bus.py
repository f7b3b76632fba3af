"""The connection to NATS: made again for ever, and honest about what is wrong with it."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from typing import Any

import nats
import orjson
import structlog
from nats.aio.client import Client
from nats.errors import Error, NoRespondersError, NoServersError

from servicekit.messaging import metrics, names
from servicekit.messaging.tasks import end
from servicekit.settings import Settings

UNREACHABLE = (Error, OSError, NoServersError)
"""What a call over NATS raises when the server is away, silent or refuses."""

VIOLATION_SECONDS = 60.0
"""How long a refused permission keeps the process not ready after it was last seen."""

LOOK_EVERY = 1.0
"""Seconds between two looks whether the client is still connected."""

log = structlog.get_logger()


class NotConnected(Error):
    """There is no connection at the moment."""


class ApiError(Error):
    """JetStream answered with an error; `code` is its `err_code`."""

    STREAM_NOT_FOUND = 10059
    CONSUMER_NOT_FOUND = 10014

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{description} ({code})")
        self.code = code


class Bus:
    """One NATS connection of one user. `epoch` grows with every connect.

    Whoever keeps state about the server compares `epoch` and starts anew when it has grown: the
    server behind a new connection may have lost its store.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self._user, self._password = user, password
        # Of a cluster each is tried in turn; not all clients begin at the same one.
        self._urls = url.split(",")
        random.shuffle(self._urls)
        self._turn = 0
        self._client: Client | None = None
        self._closed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._violation: tuple[float, str] | None = None
        self._last_error = ""
        self.epoch = 0
        self.listeners: list[Callable[[], None]] = []
        """Called, in the event loop, after every connect."""

    @classmethod
    def of(cls, settings: Settings) -> "Bus":
        return cls(settings.nats_url, settings.nats_user, settings.nats_password)

    @property
    def client(self) -> Client:
        """The connected client.

        Raises:
            NotConnected: the server is away.
        """
        if self._client is None or not self._client.is_connected:
            raise NotConnected("not connected to NATS")
        return self._client

    async def start(self) -> None:
        """Begin to connect; returns at once, because a service works without NATS too."""
        self._task = asyncio.create_task(self._keep_connected(), name="nats")

    async def stop(self) -> None:
        if self._task is not None:
            await end([self._task])
        await self._drop()

    async def wait_connected(self) -> None:
        while True:
            if self._client is not None and self._client.is_connected:
                return
            await asyncio.sleep(0.05)

    async def reconnect(self) -> None:
        """Throw the connection away and make another."""
        log.warning("nats_reconnecting", user=self._user)
        self._closed.set()

    async def api(self, subject: str, body: Any = None, patience: float = 2.0) -> dict[str, Any]:
        """Call `$JS.API.<subject>`, waiting `patience` seconds for the answer.

        Raises:
            ApiError: JetStream refused. NotConnected, Error: nobody answered.
        """
        payload = orjson.dumps(body) if body is not None else b""
        answer = await self.client.request(f"$JS.API.{subject}", payload, timeout=patience)
        result = orjson.loads(answer.data)
        if error := result.get("error"):
            raise ApiError(error.get("err_code", 0), error.get("description", ""))
        return result

    def problem(self) -> str | None:
        """What keeps this connection from being of use, or none."""
        if self._violation and time.monotonic() - self._violation[0] < VIOLATION_SECONDS:
            return self._violation[1]
        if self._client is None or not self._client.is_connected:
            return "not connected"
        return None

    async def _keep_connected(self) -> None:
        while True:
            closed = asyncio.Event()
            try:
                async with asyncio.timeout(10):
                    self._client = await self._connect(closed)
            except UNREACHABLE as error:
                self._note(f"cannot connect: {error or type(error).__name__}")
                self._turn += 1
                if self._turn % len(self._urls) == 0:
                    await asyncio.sleep(0.5)
                continue
            self._closed = closed
            self._connected()
            await _end(self._client, closed)
            await self._drop()
            await asyncio.sleep(0.2)

    async def _connect(self, closed: asyncio.Event) -> Client:
        async def was_closed() -> None:
            closed.set()

        return await nats.connect(
            self._urls[self._turn % len(self._urls)],
            user=self._user,
            password=self._password,
            inbox_prefix=names.inbox(self._user).encode(),
            connect_timeout=2,
            # Reconnecting is done here, for ever and with a new client: the library's own would
            # first send what lay in its buffer, before anybody has looked at the new server.
            allow_reconnect=False,
            # Of one address, twice at once: the pause and the next address are ours as well.
            max_reconnect_attempts=1,
            reconnect_time_wait=0.1,
            # Without a limit: the library lets whoever waits for a place in a full queue wait for
            # ever when the connection breaks meanwhile. `pending_size` bounds what is unsent.
            flusher_queue_size=0,
            flush_timeout=2,
            ping_interval=5,
            max_outstanding_pings=2,
            error_cb=self._error,
            closed_cb=was_closed,
        )

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*UNREACHABLE):
                if client.is_connected:
                    # Acknowledgements may still lie in the buffer.
                    await client.flush(timeout=1)
            with contextlib.suppress(*UNREACHABLE):
                async with asyncio.timeout(2):
                    await client.close()

    def _connected(self) -> None:
        self.epoch += 1
        self._last_error = ""
        log.info("nats_connected", user=self._user, epoch=self.epoch)
        for listener in self.listeners:
            listener()

    async def _error(self, error: Exception) -> None:
        text = str(error) or type(error).__name__
        if "permissions violation" in text.lower():
            self._violation = (time.monotonic(), text)
            metrics.PERMISSION_VIOLATIONS.inc()
            log.error("nats_permission_violation", error=text)
        else:
            self._note(text)

    def _note(self, text: str) -> None:
        """Tell a trouble once and not twice a second."""
        if text != self._last_error:
            log.warning("nats_error", user=self._user, error=text)
        self._last_error = text


async def _end(client: Client, closed: asyncio.Event) -> None:
    """Wait until the connection has ended. The library calls `closed_cb` only when its last write
    went well, and a server killed under load has not read it: so the client is asked too."""
    while not closed.is_set() and client.is_connected:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await closed.wait()


__all__ = ["UNREACHABLE", "ApiError", "Bus", "NoRespondersError", "NotConnected"]
