"""Request bodies on their way through: small ones kept whole, large ones streamed, all limited."""

from collections.abc import AsyncIterator
from typing import Any

from servicekit.problems import PayloadTooLarge
from starlette.types import Message, Receive

from gateway.proxy.domain import Framing, Headers

LIMIT = 1024 * 1024
UPLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes, counted as they arrive; uploads are forms and files."""

_UPLOADS = (
    b"multipart/form-data",
    b"application/octet-stream",
    b"application/vnd.openxmlformats-officedocument.",
    b"application/vnd.ms-excel",
    b"application/pdf",
    b"text/csv",
    b"image/",
)


class CallerGone(Exception):
    """The caller hung up before the request was complete."""


def limit_of(headers: Headers) -> int:
    """How many bytes a request of this content type may have."""
    for name, value in headers:
        if name == b"content-type":
            return UPLOAD_LIMIT if value.strip().lower().startswith(_UPLOADS) else LIMIT
    return LIMIT


def declared_length(framing: Framing) -> int | None:
    """Content-Length, 0 if there is no body; none for a chunked one."""
    return None if b"transfer-encoding" in framing else int(framing.get(b"content-length", 0))


class Upload:
    """A body that is passed on as it arrives; it can be read once. `length` is what the caller
    declared, `is_read` whether all of it has come.

    Raises (while read):
        PayloadTooLarge: more bytes came than the limit.
        CallerGone: the caller hung up.
    """

    def __init__(self, receive: Receive, limit: int, first: bytes, length: int | None) -> None:
        self.length = length
        self.is_read = False
        self._receive = receive
        self._limit = limit
        self._first = first

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = len(self._first)
        yield self._first
        more = True
        while more:
            chunk, more = await read_message(self._receive)
            size += len(chunk)
            if size > self._limit:
                raise PayloadTooLarge
            if chunk:
                yield chunk
        self.is_read = True


def limited(receive: Receive, limit: int = LIMIT) -> Receive:
    """A `receive` for what is answered here, that refuses to give more than `limit` bytes."""
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise PayloadTooLarge
        return message

    return receive_limited


async def read_message(receive: Receive) -> tuple[bytes, bool]:
    """One piece of the body and whether more follows.

    Raises:
        CallerGone: the caller hung up.
    """
    message: Any = await receive()
    if message["type"] == "http.disconnect":
        raise CallerGone
    return message.get("body", b""), message.get("more_body", False)


async def read_body(headers: Headers, declared: int | None, receive: Receive) -> bytes | Upload:
    """The body: whole if it came in a few pieces of at most `LIMIT` together, else a stream.
    `declared` as `declared_length` tells.

    Raises:
        PayloadTooLarge: the declared or received length is above the limit.
        CallerGone: the caller hung up.
    """
    limit = limit_of(headers)
    if declared is not None and declared > limit:
        raise PayloadTooLarge
    kept: list[bytes] = []
    size, more = 0, True
    while more and size <= LIMIT:
        chunk, more = await read_message(receive)
        kept.append(chunk)
        size += len(chunk)
    if size > limit:
        raise PayloadTooLarge
    whole = b"".join(kept)
    return Upload(receive, limit, whole, declared) if more else whole
