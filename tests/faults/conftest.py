"""What the trials stand on: the system of two services that most of them break, one publisher with
its consumer for those that need no more, and the table that is printed at the end."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from servicekit.embedded.nats import NatsServer
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.two_sides import Server, World, both_sides

from tests.faults.system import TWO_SERVICES, TrialStack
from tests.faults.table import CAUGHT, TOLD, Caught, Tell, tables
from tests.prepared import Prepared


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
def tell(request: pytest.FixtureRequest) -> Tell:
    """`tell("order", seed=7, events=20_000)`: a line of the table."""

    def say(trial: str, **figures: object) -> None:
        shown = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        line = f"{trial}: {shown}"
        print(f"\n{line}")
        request.node.user_properties.append((TOLD, line))

    return say


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for title, lines in tables(terminalreporter.getreports("passed")).items():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
