"""A service's answer as it arrives: a head, and a body that is read piece by piece."""

import asyncio
from typing import Protocol

from gateway.proxy.domain import Headers

MOST_UNREAD = 64 * 1024
"""Bytes of an answer that wait for the caller to take them; then the service has to wait."""
_INTERIM = (100, 102, 103)
"""The statuses before an answer that are only read over; 101 was never asked for."""


class BrokenOff(ConnectionError):
    """What the service sent is no complete answer. `stale`: it closed a kept connection before
    anything of the answer came."""

    def __init__(self, reason: str, *, stale: bool = False) -> None:
        super().__init__(reason)
        self.stale = stale


class Source(Protocol):
    """Where an answer comes from."""

    def resume(self) -> None: ...

    def fail(self, error: Exception) -> None: ...


class Answer:
    """`status` and `headers`, their names in lower case, are there; the body may be on its way
    until `is_complete`. Leaving a `with` block before its end ends the connection."""

    __slots__ = ("_error", "_pieces", "_size", "_source", "_waiter", "headers", "is_complete",
                 "status")  # fmt: skip

    def __init__(self, source: Source) -> None:
        self.status = 0
        self.headers: Headers = []
        self._source = source
        self._pieces: list[bytes] = []
        self._size = 0
        self.is_complete = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, reason: Exception | None = None) -> None:
        """No more of it is wanted; who still reads it gets the reason."""
        if not self.is_complete and self._error is None:
            self._source.fail(reason or BrokenOff("not wanted any more"))

    async def piece(self) -> tuple[bytes, bool]:
        """What has come since, and whether more follows.

        Raises:
            BrokenOff, TimeoutError: it will never be complete.
            Exception: the upload it belongs to failed.
        """
        if not self._pieces and not self.is_complete and self._error is None:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if self._error is not None and not self._pieces:
            raise self._error
        found = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if self._size >= MOST_UNREAD:
            self._source.resume()
        self._size = 0
        return found, not self.is_complete

    async def read(self) -> bytes:
        """The whole body. Raises as `piece` does."""
        pieces: list[bytes] = []
        more = True
        while more:
            found, more = await self.piece()
            pieces.append(found)
        return b"".join(pieces)

    def take(self, piece: bytes) -> bool:
        """From the connection: this much more. Whether there is room for the next."""
        self._pieces.append(piece)
        self._size += len(piece)
        self._wake()
        return self._size < MOST_UNREAD

    def end(self, error: Exception | None = None) -> None:
        """From the connection: that was all, or all that ever comes."""
        self._error = error
        self.is_complete = error is None
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def check_head(status: int, version: str, headers: Headers) -> None:
    """Refuse the head of an answer whose end two readers could see in two places.

    Raises:
        BrokenOff: it is no final or interim status, not HTTP/1, or has another transfer coding
            than one `chunked`. (The parser refuses two lengths, and a length beside a coding.)
    """
    if not (200 <= status <= 599 or status in _INTERIM) or version not in ("1.1", "1.0"):
        raise BrokenOff(f"status {status} in HTTP/{version}")
    codings = [value.lower() for name, value in headers if name == b"transfer-encoding"]
    if codings and (codings != [b"chunked"] or version != "1.1"):
        raise BrokenOff("a transfer coding that is not chunked")


def ends_with_connection(answer: Answer) -> bool:
    """Whether the body is all that comes until the connection is closed (RFC 9112 section 6.3)."""
    framed = any(n in (b"content-length", b"transfer-encoding") for n, _ in answer.headers)
    return answer.status not in (0, 204, 304) and not framed
