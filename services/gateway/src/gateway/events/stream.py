"""A live stream as a bare ASGI answer: one coroutine, no queue and no transaction per listener."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.events.domain import Logged, matches
from gateway.events.service import Tail
from gateway.visibility.domain import Sight

log = structlog.get_logger()

HEARTBEAT = 15.0
"""Seconds after which a quiet stream shows that it lives."""
PATIENCE = 10.0
"""Seconds a listener may take to accept what is sent; then it is dropped."""
RETRY = 2000
"""Milliseconds a client waits before it comes back."""

_HEAD = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """What one listener gets: `types` and `subjects` as asked (none: all), `sight` as allowed,
    behind `position`, until the token's end at `expires` (seconds since 1970) and as long as
    `may_stay` says so of the caller."""

    caller: str
    types: tuple[str, ...]
    subjects: frozenset[str]
    sight: Sight
    position: int
    expires: float
    may_stay: Callable[[], bool]

    def wants(self, event: Logged) -> bool:
        return (
            (not self.types or matches(self.types, event.type))
            and (not self.subjects or event.subject in self.subjects)
            and self.sight.sees(event.permission, event.units)
        )


class EventStream(Response):
    """Sends until the token expires, the client is locked out, the server stops, or the listener
    is gone or too slow."""

    def __init__(self, tail: Tail, wish: Wish) -> None:
        super().__init__(media_type="text/event-stream")
        self._tail, self._wish = tail, wish

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(hung_up(receive))
        try:
            with self._tail.listening(self._wish.caller):
                await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
                await say(send, b"retry: %d\n\n" % RETRY)
                reason, position = await self._talk(send, gone)
                if not gone.done():
                    await say(send, b": %s\nid: %d\n\n" % (reason, position), more=False)
        except TimeoutError:
            # Left unfinished: the server closes the connection.
            log.info("slow_listener_dropped", caller=self._wish.caller)
        finally:
            gone.cancel()

    async def _talk(self, send: Send, gone: "asyncio.Task[None]") -> tuple[bytes, int]:
        """Why it ended, and up to which position the listener knows everything."""
        position, tail = self._wish.position, self._tail
        while not gone.done():
            if tail.closing:
                return b"the server stops", position
            left = self._wish.expires - time.time()
            if left <= 0:
                return b"the token has expired", position
            if not self._wish.may_stay():
                return b"the client is locked out", position
            grown = tail.grown
            if found := await tail.behind(position):
                frames = [event.frame for event in found if self._wish.wants(event)]
                position = found[-1].position
                if frames:
                    await say(send, b"".join(frames))
                continue
            await asyncio.wait(
                (gone, grown), timeout=min(HEARTBEAT, left), return_when=asyncio.FIRST_COMPLETED
            )
            if not (grown.done() or gone.done()) and left > HEARTBEAT:
                await say(send, b": heartbeat\n\n")
        return b"", position


async def say(send: Send, body: bytes, *, more: bool = True) -> None:
    """Send a piece.

    Raises:
        TimeoutError: the listener does not take it.
    """
    async with asyncio.timeout(PATIENCE):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def hung_up(receive: Receive) -> None:
    """Wait until the caller is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
