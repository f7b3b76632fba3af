"""One connection to a service: one call at a time, answered exactly or not at all.

The parsing is llhttp's, without leniencies; what is here is which caller gets which answer. A
connection is kept for another call only when its answer ended where it said, nothing came behind
it and the whole call had been sent; otherwise it is thrown away with whatever it may still bring.
Decision 20 tells why it is not a library's.
"""

import asyncio
from collections.abc import AsyncIterable
from typing import cast

import httptools
from servicekit.http.gathering import GatheringTransport

from gateway.proxy.answer import Answer, BrokenOff, check_head, ends_with_connection
from gateway.proxy.domain import Headers

LONGEST_HEAD = 64 * 1024
"""Bytes of an answer's headers, and of what comes before the end of them."""
KEEP_ALIVE = 4.0
"""Seconds an idle connection is kept; less than the services keep it, so that no call is sent
into a closing one."""
TICK = 1.0
"""Seconds between two looks at the clock: a timer for every call would cost more."""


class Connection(asyncio.Protocol):
    """While it is idle it stands in `idle`."""

    def __init__(self, idle: "dict[Connection, None]") -> None:
        self._idle = idle
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._headers: Headers = []
        self._head: asyncio.Future[Answer] | None = None
        self._answer: Answer | None = None
        self._upload: asyncio.Task[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = self._patience = 0.0
        self._received = self._head_size = 0
        self._is_head_call = self._is_over = self._is_paused = False
        self._is_used = self._is_reusable = False

    def is_usable(self) -> bool:
        """Still open, and not idle for too long."""
        return not self._transport.is_closing() and self._loop.time() < self._deadline

    def ask(
        self,
        call: bytes,
        upload: AsyncIterable[bytes] | None = None,
        *,
        chunked: bool = False,
        is_head: bool = False,
        patience: float,
    ) -> "asyncio.Future[Answer]":
        """Send a call, and `upload` behind it; the future has the answer once its head is there.
        `patience` in seconds: to the head, and then between two pieces.

        The future raises:
            BrokenOff: no proper answer came.
            TimeoutError: none came in time.
            Exception: what `upload` raised.
        """
        self._answer = Answer(self)
        head = self._head = self._loop.create_future()
        self._is_head_call, self._patience = is_head, patience
        self._is_over = False
        self._received = self._head_size = 0
        self._out.write(call)
        self._wait_on()
        if upload is not None:
            self._upload = self._loop.create_task(self._send(upload, chunked=chunked))
        return head

    async def _send(self, upload: AsyncIterable[bytes], *, chunked: bool) -> None:
        try:
            async for piece in upload:
                self._out.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                self._wait_on()
                if self._room is not None:
                    await self._room
            if chunked:
                self._out.write(b"0\r\n\r\n")
        except Exception as error:
            self.fail(error)
        finally:
            self._upload = None

    # What the transport tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class
        # What is ready in one turn of the loop leaves together: each call by itself would wake the
        # service anew, which costs more than the sending.
        self._out = GatheringTransport(self._transport)

    def data_received(self, data: bytes) -> None:
        answer = self._answer
        if answer is None:
            # Whoever asked next would take it for the answer.
            self.fail(BrokenOff("bytes without a call"))
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._is_reusable = False
            if not self._is_over:
                self.fail(BrokenOff(f"not proper HTTP: {error.__context__ or error}"))
                return
        self._received += len(data)
        if self._is_over:
            self._finish(answer)
        elif answer.status:
            self._wait_on()
        elif self._received > LONGEST_HEAD:
            self.fail(BrokenOff("the head is too long"))

    def connection_lost(self, exc: Exception | None) -> None:
        answer = self._answer
        if answer is not None and exc is None and ends_with_connection(answer):
            self._finish(answer)
            return
        stale = self._is_used and self._received == 0
        self.fail(BrokenOff(repr(exc) if exc else "closed too early", stale=stale))

    def pause_writing(self) -> None:
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # What the parser finds. An exception makes it stop, and `feed_data` raise.

    def on_message_begin(self) -> None:
        if self._is_over:
            raise BrokenOff("more than the answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_size += len(name) + len(value)
        if self._head_size > LONGEST_HEAD:
            raise BrokenOff("the head is too long")
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status, headers = self._parser.get_status_code(), self._headers
        check_head(status, self._parser.get_http_version(), headers)
        self._headers = []
        if status < 200:
            return
        assert self._answer is not None
        assert self._head is not None
        self._answer.status, self._answer.headers = status, headers
        # To HEAD the parser waits for the body that GET would get: that connection ends here.
        self._is_over = self._is_head_call
        self._is_reusable = self._parser.should_keep_alive() and not self._is_head_call
        if not self._head.done():
            self._head.set_result(self._answer)

    def on_body(self, piece: bytes) -> None:
        if self._is_over:
            raise BrokenOff("a body to HEAD")
        assert self._answer is not None
        if not self._answer.take(piece) and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        assert self._answer is not None
        self._headers = []  # a trailer is no header, of the next answer least of all
        self._is_over = self._answer.status > 0

    # Time.

    def resume(self) -> None:
        """There is room for more of the answer."""
        if self._is_paused and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()
            self._wait_on()

    def _wait_on(self) -> None:
        self._deadline = self._loop.time() + self._patience
        if self._timer is None:
            self._timer = self._loop.call_later(min(self._patience, TICK), self._tick)

    def _tick(self) -> None:
        left = self._deadline - self._loop.time()
        if self._is_paused or left > 0:
            wait = TICK if self._is_paused else min(left, TICK)
            self._timer = self._loop.call_later(wait, self._tick)
        else:
            self.fail(TimeoutError())

    # How a call ends.

    def _finish(self, answer: Answer) -> None:
        self._answer = self._head = None
        answer.end()
        if self._upload is not None or not self._is_reusable or self._transport.is_closing():
            self._discard()
            return
        self.resume()
        self._is_used = True
        self._deadline = self._loop.time() + KEEP_ALIVE
        self._idle[self] = None

    def fail(self, error: Exception) -> None:
        """Throw it away; the call under way, if there is one, ends with `error`."""
        answer, head = self._answer, self._head
        self._answer = self._head = None
        if head is not None and not head.done():
            head.set_exception(error)
        elif answer is not None:
            answer.end(error)
        self._discard()

    def _discard(self) -> None:
        self._idle.pop(self, None)
        self._transport.abort()
        self.resume_writing()
        if self._timer is not None:
            self._timer.cancel()
        if self._upload is not None and self._upload is not asyncio.current_task():
            self._upload.cancel()
