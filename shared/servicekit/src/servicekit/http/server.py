"""Serving a process: a graceful end, and a listener of its own for the operators."""

import asyncio
import socket
import sys
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, cast

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from servicekit import traces
from servicekit.http.gathering import GatheringTransport
from servicekit.http.health import health_routes
from servicekit.settings import Settings

log = structlog.get_logger()

STARTUP_FAILED = 3
GRACE = 10
"""Seconds that open requests get to end after the listener is closed."""


class Protocol(HttpToolsProtocol):
    """uvicorn's own, without trailers. It adds the fields behind a chunked body to the headers of
    the request, where they can no longer be told from those before it: an `Authorization` there
    would be a second one, an `X-Forwarded-For` the caller's own. A recipient may drop trailers
    (RFC 9110 section 6.5.1), and here nobody reads any. Head and body leave in one packet."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(cast(asyncio.Transport, GatheringTransport(transport)))

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        # The request keeps its list; what comes now goes into one that nobody looks at.
        self.headers = []


COMMON: dict[str, Any] = {
    "http": Protocol,
    "log_config": None,
    "access_log": False,
    # Nobody's word for the caller's address is taken, a neighbour's on this machine neither.
    "proxy_headers": False,
    "server_header": False,
    "date_header": False,
}


def serve(app: FastAPI, settings: Settings) -> None:
    """Answer until told to stop. Needs `app.state.checks`."""
    server = Server(app, settings)
    server.run()
    if not server.started:
        sys.exit(STARTUP_FAILED)


class PartingServer(uvicorn.Server):
    """Tells the app that it stops before it waits for open requests: a stream has no other way to
    know, and would be cut off."""

    def __init__(self, config: uvicorn.Config, app: Any) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for farewell in getattr(getattr(self._app, "state", None), "farewells", ()):
            farewell()
        await super().shutdown(sockets)


class Server(PartingServer):
    """Told to stop, it is first not ready and ends kept connections with their next request; after
    `drain_seconds` it takes no more and lets the open requests end. A second signal hurries it."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                self._answer,
                interface="asgi3",
                lifespan="on",
                host=settings.host,
                port=settings.port,
                timeout_graceful_shutdown=GRACE,
                timeout_keep_alive=75,
                h11_max_incomplete_event_size=64 * 1024,
                **COMMON,
            ),
            app,
        )
        self._settings = settings
        self._stop_at: float | None = None

    async def serve(self, sockets: Any = None) -> None:
        async with traces.exporting(self._settings):
            await self._serve_all(sockets)

    async def _serve_all(self, sockets: Any) -> None:
        if not self._settings.ops_port:
            await super().serve(sockets)
            return
        operators = OperatorServer(self._app, self._settings)
        answering = asyncio.create_task(operators.serve())
        try:
            await super().serve(sockets)
        finally:
            operators.should_exit = True
            await answering

    def _answer(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self._app(scope, receive, send if self._stop_at is None else closing(send))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._stop_at is not None or not self._settings.drain_seconds:
            super().handle_exit(sig, frame)
            return
        self._stop_at = time.monotonic() + self._settings.drain_seconds
        self._app.state.checks["serving"] = stopping

    async def on_tick(self, counter: int) -> bool:
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)


class OperatorServer(uvicorn.Server):
    """The operator routes on a listener of their own; the other server minds the signals."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        routes = health_routes(settings, app.state.checks, app.state.behind)
        super().__init__(
            uvicorn.Config(
                Starlette(routes=routes),
                host=settings.ops_host,
                port=settings.ops_port,
                lifespan="off",
                timeout_graceful_shutdown=1,
                **COMMON,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def closing(send: Send) -> Send:
    """A `send` that ends the connection with this answer."""

    async def send_last(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await send(message)

    return send_last


async def stopping() -> str | None:
    """A check that says why a draining process is not ready."""
    return "stopping"
