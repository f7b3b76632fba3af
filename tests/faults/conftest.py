"""What the trials stand on: the system of two services that most of them break, and one publisher
with its consumer for those that need no more."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from servicekit.embedded.nats import NatsServer
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.two_sides import Server, World, both_sides

from tests.faults.system import TWO_SERVICES, TrialStack
from tests.prepared import Prepared
from tests.table import CAUGHT, Caught


@pytest.fixture(scope="session")
def prepared(new_directory: Callable[[], Path]) -> Prepared:
    """What its first start makes. Nothing has been written to it yet."""
    common = new_directory().parent / "trial"
    return Prepared(common, lambda there: TrialStack(there, TWO_SERVICES, {}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_world(
    nats_server: NatsServer, empty_database: Callable[[str], ServiceDatabase]
) -> AsyncIterator[World]:
    async with both_sides(nats_server, empty_database) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def world(whole_world: World) -> AsyncIterator[World]:
    """One publisher and one consumer of its events, without their workers."""
    yield whole_world
    await whole_world.stop_workers()


@pytest.fixture
def caught(request: pytest.FixtureRequest) -> Caught:
    """`caught("no_inbox", finding)`: a line of the table of planted mistakes."""

    def note(defect: str, sign: object) -> None:
        shown = " ".join(str(sign).split())[:150]
        line = f"{defect} ← {request.node.path.name}::{request.node.originalname}: {shown}"
        print(f"\n{line}")
        request.node.user_properties.append((CAUGHT, line))

    return note


@pytest.fixture(scope="module")
def server(whole_world: World) -> Iterator[Server]:
    """The world's NATS server, to be ended and started."""
    server = Server(whole_world)
    yield server
    server.kill()
