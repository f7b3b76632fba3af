"""Each NATS user may do what its events need and nothing else."""

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.errors import Error
from servicekit.messaging.bus import Bus


@pytest_asyncio.fixture(loop_scope="module")
async def funding(world) -> AsyncIterator[tuple[Client, list[str]]]:
    errors: list[str] = []

    async def note(error: Exception) -> None:
        errors.append(str(error).lower())

    client = await nats.connect(
        world.nats.url,
        user="funding",
        password="funding-password",
        inbox_prefix=b"_INBOX_funding",
        error_cb=note,
    )
    yield client, errors
    await client.close()


FORBIDDEN = [
    "kechuang.parks.thing.counted.v1",
    "$JS.API.STREAM.DELETE.PARKS",
    "$JS.API.STREAM.PURGE.PARKS",
    "$JS.API.STREAM.MSG.DELETE.PARKS",
    "$JS.API.STREAM.UPDATE.PARKS",
    "$JS.API.STREAM.CREATE.MINE",
    "$JS.API.STREAM.MSG.GET.PARKS",
    "$JS.API.DIRECT.GET.PARKS",
    "$JS.API.CONSUMER.LIST.PARKS",
    "$JS.API.CONSUMER.CREATE.PARKS",
    "$JS.API.CONSUMER.CREATE.PARKS.mine",
    "$JS.API.CONSUMER.DURABLE.CREATE.PARKS.mine",
    "$JS.API.CONSUMER.DELETE.PARKS.targets__parks",
    "$JS.API.CONSUMER.MSG.NEXT.PARKS.targets__parks",
    "$JS.ACK.PARKS.targets__parks.1.1.1.1.0",
    "_INBOX_targets.x",
]


@pytest.mark.parametrize("subject", FORBIDDEN)
async def test_a_service_is_refused_what_is_not_its_own(funding, subject: str) -> None:
    client, errors = funding
    with pytest.raises(Error):
        await client.request(subject, b"{}", timeout=0.2)
    assert any("permissions violation for publish" in error for error in errors)


@pytest.mark.parametrize("subject", [">", "kechuang.>", "_INBOX_targets.>", "$JS.>"])
async def test_a_service_hears_only_its_own_inbox(funding, subject: str) -> None:
    client, errors = funding
    await client.subscribe(subject)
    await client.flush()
    await asyncio.sleep(0.05)
    assert any("permissions violation for subscription" in error for error in errors)


@pytest.mark.parametrize(
    "subject", ["$JS.API.STREAM.DELETE.PARKS", "$JS.API.STREAM.PURGE.PARKS", "kechuang.parks.x"]
)
async def test_even_bootstrap_neither_deletes_nor_speaks(world, subject: str) -> None:
    bus = Bus(world.nats.url, "bootstrap", "bootstrap-password")
    await bus.start()
    await bus.wait_connected()
    with pytest.raises(Error):
        await bus.client.request(subject, b"", timeout=0.2)
    assert "ermissions" in (bus.problem() or "")
    await bus.stop()
