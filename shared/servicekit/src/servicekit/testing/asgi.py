"""Run an ASGI app in the test's own process: its lifespan, and clients that call it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from servicekit.testing.tokens import Tokens

Message = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]
BASE_URL = "http://service.test"


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """The app between its start-up and its shutdown. All of its lifespan runs in one task, as
    under a real server, whichever tasks enter and leave here.

    Raises:
        RuntimeError: the start-up or the shutdown failed.
    """
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task = asyncio.create_task(app(scope, to_app.get, from_app.put))  # pyright: ignore[reportArgumentType]
    try:
        await exchange(task, to_app, from_app, "lifespan.startup")
        yield
        await exchange(task, to_app, from_app, "lifespan.shutdown")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def exchange(
    task: asyncio.Task[Any],
    to_app: asyncio.Queue[Message],
    from_app: asyncio.Queue[Message],
    kind: str,
) -> None:
    await to_app.put({"type": kind})
    answer = asyncio.create_task(from_app.get())
    await asyncio.wait({task, answer}, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        task.result()
        raise RuntimeError(f"the app ended during {kind}")
    if answer.result()["type"] != f"{kind}.complete":
        raise RuntimeError(f"{kind}: {answer.result().get('message', '')}")


class Clients:
    """Makes HTTP clients of apps; an app is started with its first client."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._stack = AsyncExitStack()
        self._running: set[int] = set()

    async def __call__(
        self, app: App, role: str | None = None, unit: str | None = None, **claims: Any
    ) -> httpx.AsyncClient:
        """A client with a token of `role` and `unit`, or with none. An unhandled error becomes a
        500 answer, as it would outside."""
        if id(app) not in self._running:
            self._running.add(id(app))
            await self._stack.enter_async_context(running(app))
        headers = self._tokens.bearer(role, unit=unit, **claims) if role else {}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers)
        return await self._stack.enter_async_context(client)

    async def close(self) -> None:
        await self._stack.aclose()
