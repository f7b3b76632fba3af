"""The connection comes back whatever way it was lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from servicekit.embedded.nats import NatsServer
from servicekit.messaging.bus import UNREACHABLE, Bus
from servicekit.testing.wire import Wire


@pytest_asyncio.fixture(loop_scope="module")
async def between(nats_server: NatsServer) -> AsyncIterator[tuple[Wire, str]]:
    async with Wire(nats_server.port) as wire:
        yield wire, f"nats://127.0.0.1:{wire.port}"


@pytest.mark.parametrize("breaks", [False, True])
async def test_a_reset_with_much_unsent_is_followed_by_another_connection(
    between: tuple[Wire, str], nats_server: NatsServer, breaks: bool
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
        if not breaks:
            await bus.reconnect()
        wire.cut_off()
        wire.mend()
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
