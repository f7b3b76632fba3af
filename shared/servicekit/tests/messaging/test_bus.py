"""The connection comes back whatever way it was lost."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from servicekit.embedded.nats import NatsServer
from servicekit.messaging.bus import UNREACHABLE, Bus

ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER: what is unsent is thrown away and the peer gets a reset, as from a killed server."""


class Between:
    """A wire to the server that can stop taking what the client sends, and break."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._taking = asyncio.Event()
        self._taking.set()
        self._broken: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.break_off()

    def stop_taking(self) -> None:
        self._taking.clear()

    def break_off(self) -> None:
        for writer in self._broken:
            wire: socket.socket = writer.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            writer.transport.abort()
        self._broken.clear()
        self._taking.set()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._broken.append(writer)
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._port)
        back = asyncio.create_task(_pour(from_server, writer))
        try:
            while data := await reader.read(4096):
                to_server.write(data)
                await self._taking.wait()
        except ConnectionError:
            pass
        finally:
            back.cancel()
            to_server.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(4096):
        writer.write(data)


@pytest_asyncio.fixture(loop_scope="module")
async def between(nats_server: NatsServer) -> AsyncIterator[tuple[Between, str]]:
    wire = Between(nats_server.port)
    port = await wire.start()
    yield wire, f"nats://127.0.0.1:{port}"
    await wire.stop()


@pytest.mark.parametrize("breaks", [False, True])
async def test_a_reset_with_much_unsent_is_followed_by_another_connection(
    between: tuple[Between, str], nats_server: NatsServer, breaks: bool
) -> None:
    wire, url = between
    bus = Bus(url, "parks", nats_server.users["parks"])
    connected = asyncio.Event()
    bus.listeners.append(connected.set)
    await bus.start()
    async with asyncio.timeout(20):
        await connected.wait()
        connected.clear()
        first = bus.client
        wire.stop_taking()
        sending = [asyncio.create_task(_send(bus, 200)) for _ in range(10)]
        await asyncio.sleep(0.5)
        if breaks:
            wire.break_off()
        else:
            await bus.reconnect()
            wire.break_off()
        await connected.wait()
        assert bus.client is not first
        assert bus.problem() is None
        await bus.client.flush(timeout=5)
        # Nobody waits for ever in the connection that is gone.
        await asyncio.wait(sending, timeout=5)
    assert all(task.done() for task in sending)
    await bus.stop()


async def _send(bus: Bus, messages: int) -> None:
    try:
        client = bus.client
        for _ in range(messages):
            await client.publish("kechuang.parks.thing.counted.v1", b"x" * 50_000)
    except UNREACHABLE:
        pass
