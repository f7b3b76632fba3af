"""A connection of the gateway's on a wire of the tests': what it is sent, and what it does."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from gateway.proxy.answer import Answer, BrokenOff
from gateway.proxy.connection import Connection

CALL = b"GET /x HTTP/1.1\r\nhost: s\r\n\r\n"


class Wire(asyncio.Transport):
    """What the connection does to its transport."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = bytearray()
        self.is_gone = self.is_paused = False

    def write(self, data: Any) -> None:
        self.sent += data

    def abort(self) -> None:
        self.is_gone = True

    def is_closing(self) -> bool:
        return self.is_gone

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False


@dataclass
class Line:
    """A connection on a wire, and what came of the last call."""

    wire: Wire = field(default_factory=Wire)
    idle: dict[Connection, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = Connection(self.idle)
        self.connection.connection_made(self.wire)

    def ask(self, **options: Any) -> "asyncio.Future[Answer]":
        self.idle.clear()
        return self.connection.ask(CALL, **{"patience": 30.0, **options})

    def hear(self, *pieces: bytes) -> None:
        for piece in pieces:
            if not self.wire.is_gone:
                self.connection.data_received(piece)

    def hang_up(self) -> None:
        self.wire.is_gone = True
        self.connection.connection_lost(None)

    @property
    def is_kept(self) -> bool:
        return self.connection in self.idle


async def outcome(asked: "asyncio.Future[Answer]") -> tuple[int, bytes] | None:
    """Status and body, or none if it was refused."""
    try:
        answer = await asked
        return answer.status, await answer.read()
    except BrokenOff:
        return None


async def heard(pieces: list[bytes], **options: Any) -> tuple[Line, tuple[int, bytes] | None]:
    """What a caller gets of these pieces when the service hangs up after them; a line that was
    kept before that."""
    line = Line()
    asked = line.ask(**options)
    line.hear(*pieces)
    if not line.is_kept:
        line.hang_up()
    return line, await outcome(asked)
