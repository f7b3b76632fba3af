"""A load client that costs little: kept-alive connections, prepared requests, bodies unread."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """`count` requests, `rate` of them per second; latencies in milliseconds."""

    count: int
    rate: float
    p50: float
    p99: float
    failed: int


class Connection(asyncio.Protocol):
    """One request at a time; `status` of the last answer."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.waiter: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower()
        at = head.find(b"content-length:")
        if at < 0:
            raise ValueError("an answer without Content-Length")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.buffer) < end + 4 + length:
            return
        status = int(self.buffer[9:12])
        del self.buffer[: end + 4 + length]
        assert self.waiter is not None
        self.waiter.set_result(status)

    async def ask(self, request: bytes) -> int:
        assert self.transport is not None
        self.waiter = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiter


async def drive(
    port: int, make: Callable[[], bytes], *, seconds: float, connections: int = 16
) -> Result:
    """Send what `make` prepares over `connections` keep-alive connections for `seconds`."""
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    failed = 0
    until = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal failed
        _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
        while (started := time.perf_counter()) < until:
            status = await connection.ask(make())
            latencies.append(time.perf_counter() - started)
            failed += status >= 400
        assert connection.transport is not None
        connection.transport.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    elapsed = time.perf_counter() - begun
    cuts = statistics.quantiles(latencies, n=100)
    return Result(
        len(latencies), len(latencies) / elapsed, cuts[49] * 1000, cuts[98] * 1000, failed
    )


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
