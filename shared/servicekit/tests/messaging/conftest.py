"""A publisher ("parks") and a consumer ("targets") on real Postgres and NATS, with one event."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from servicekit.embedded.nats import NatsServer
from servicekit.messaging.apply import Patience
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.two_sides import HASTY, World, both_sides


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_world(
    nats_server: NatsServer, empty_database: Callable[[str], ServiceDatabase]
) -> AsyncIterator[World]:
    async with both_sides(nats_server, empty_database) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def world(whole_world: World) -> AsyncIterator[World]:
    yield whole_world
    await whole_world.stop_workers()


@pytest.fixture
def hasty() -> Patience:
    return HASTY
