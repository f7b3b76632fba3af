"""Run an ASGI app on a real socket in the test's own process, for what only a socket shows."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from servicekit.http.server import COMMON, PartingServer


class Server(PartingServer):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, app: Any) -> None:
        super().__init__(config, app)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@asynccontextmanager
async def served(app: Any, **options: Any) -> AsyncIterator[str]:
    """The app on a socket of its own; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,
        **COMMON,
        **options,
    )
    server = Server(config, app)
    task = asyncio.create_task(server.serve([listener]))
    await server.listening.wait()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()
