"""A wire between two processes that can be slow, silent, deaf or cut: a TCP proxy for trials."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Self

LOOPBACK = "127.0.0.1"
PIECE = 65536
ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER: what is unsent is thrown away and the peer gets a reset, as from a killed server."""

Carry = Callable[[bytes], Awaitable[bool]]
"""What becomes of a piece on its way; false ends the connection on both sides."""


def never() -> bool:
    return False


class Wire:
    """`async with Wire(port) as wire:` clients connect to `wire.port` and reach `port`.

    Whatever is switched on holds for the connections there are and for those to come, until
    `mend`. A drawn wire, `drops`, is asked once for every answer's first piece: true keeps that
    answer back and cuts the connection, so that the server has done what was asked and the client
    does not know.
    """

    def __init__(self, port: int, *, drops: Callable[[], bool] = never) -> None:
        self._target = port
        self._drops = drops
        self._taking, self._giving = asyncio.Event(), asyncio.Event()
        self._taking.set()
        self._giving.set()
        self._swallows = False
        self._open: set[_Pair] = set()
        self._server: asyncio.Server | None = None
        self.delay = 0.0
        """Seconds every piece takes, in both directions."""
        self.port = 0
        self.carried = self.dropped = self.cut = 0
        """Connections that were made, answers that were kept back, connections that were cut."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut_off()
        self.mend()

    def stop_taking(self) -> None:
        """What the client sends goes nowhere; what the server says still arrives."""
        self._taking.clear()

    def half_open(self) -> None:
        """Nothing passes in either direction and nobody is told: a cable was pulled."""
        self._taking.clear()
        self._giving.clear()

    def drop_answers(self) -> None:
        """What is asked arrives; what is answered is lost."""
        self._swallows = True

    def cut_off(self) -> None:
        """Break every connection with a reset on both sides; new ones are carried."""
        for pair in [*self._open]:
            pair.break_off()
            self.cut += 1
        self._open.clear()

    def mend(self) -> None:
        """Carry everything at once again. What was lost stays lost."""
        self.delay, self._swallows = 0.0, False
        self._taking.set()
        self._giving.set()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:
            reset(writer)
            return
        self.carried += 1
        pair = _Pair(writer, to_server)
        self._open.add(pair)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pour(reader, to_server, self._ask(pair)))
                both.create_task(self._pour(from_server, writer, self._answer(pair)))
        finally:
            self._open.discard(pair)

    def _ask(self, pair: "_Pair") -> Carry:
        async def ask(_: bytes) -> bool:
            await self._taking.wait()
            pair.answered = False
            return True

        return ask

    def _answer(self, pair: "_Pair") -> Carry:
        async def answer(_: bytes) -> bool:
            await self._giving.wait()
            first, pair.answered = not pair.answered, True
            if self._swallows or (first and self._drops()):
                self.dropped += 1
                pair.break_off()
                return False
            return True

        return answer

    async def _pour(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, carry: Carry
    ) -> None:
        """From one side to the other, until one of them has had enough; the other hears of it."""
        try:
            while piece := await reader.read(PIECE):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if not await carry(piece):
                    return
                writer.write(piece)
                await writer.drain()
        except OSError:
            reset(writer)
        else:
            writer.close()


class _Pair:
    """The two connections of one that is carried."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self._writers = writers
        self.answered = False
        """Whether something came back since the client last sent something."""

    def break_off(self) -> None:
        for writer in self._writers:
            reset(writer)


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a killed process does."""
    wire: socket.socket | None = writer.get_extra_info("socket")
    if wire is not None and not writer.transport.is_closing():
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    writer.transport.abort()
