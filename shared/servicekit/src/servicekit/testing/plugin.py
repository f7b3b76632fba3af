"""The pytest plugin: `-p servicekit.testing.plugin`.

One Postgres a run, shared by all workers and started when first needed; a database of its own
for every test module, copied from a migrated template; a NATS server of its own for every module
that asks for one (it starts in a few hundredths of a second, and nothing isolates better).
"""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from servicekit.testing.shared_servers import SharedServers, ask_for_postgres

if TYPE_CHECKING:
    from servicekit.embedded.nats import NatsServer
    from servicekit.testing.asgi import Clients
    from servicekit.testing.bus import RecordingBus
    from servicekit.testing.databases import Databases, ServiceDatabase
    from servicekit.testing.tokens import Tokens

SERVERS = pytest.StashKey[SharedServers]()
ADDRESS = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[ADDRESS] = given["shared_servers"]
        return
    servers = SharedServers()
    config.stash[SERVERS] = servers
    config.stash[ADDRESS] = servers.address


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["shared_servers"] = node.config.stash[ADDRESS]


def pytest_unconfigure(config: pytest.Config) -> None:
    servers = config.stash.get(SERVERS, None)
    if servers is not None:
        servers.close()


@pytest.fixture(scope="session")
def new_directory(pytestconfig: pytest.Config) -> "Callable[[], Path]":
    """Call it for a new directory with a short path, gone at the run's end. Servers keep their
    data here and not below `tmp_path`, whose parents every new pytest process closes again."""
    run_dir = Path(pytestconfig.stash[ADDRESS]).parent
    return lambda: Path(tempfile.mkdtemp(dir=run_dir, prefix="d-"))


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> "Databases":
    """The run's Postgres, where databases are made."""
    from servicekit.testing.databases import Databases

    return Databases(ask_for_postgres(pytestconfig.stash[ADDRESS]))


@pytest.fixture(scope="module")
def service_database(
    postgres_server: "Databases",
) -> "Iterator[Callable[[str], ServiceDatabase]]":
    """Call it with a service's name: its migrated database, fresh for this module. The same name
    gives the same database again."""
    made: dict[str, ServiceDatabase] = {}

    def make(service: str) -> "ServiceDatabase":
        if service not in made:
            made[service] = postgres_server.migrated(service)
        return made[service]

    yield make
    for database in made.values():
        postgres_server.drop(database)


@pytest.fixture(scope="module")
def empty_database(
    postgres_server: "Databases",
) -> "Iterator[Callable[[str], ServiceDatabase]]":
    """Call it with any name: a new database with that service's roles and no table."""
    made: list[ServiceDatabase] = []

    def make(service: str = "scratch") -> "ServiceDatabase":
        made.append(postgres_server.empty(service))
        return made[-1]

    yield make
    for database in made:
        postgres_server.drop(database)


@pytest.fixture(scope="module")
def nats_server(
    pytestconfig: pytest.Config, new_directory: "Callable[[], Path]"
) -> "Iterator[NatsServer]":
    """A NATS server of this module's own, with a user for every service and no stream yet."""
    from servicekit.embedded.child import Child
    from servicekit.embedded.nats import NatsServer

    directory = new_directory()
    users = {name: f"{name}-password" for name in [*service_names(pytestconfig), "bootstrap"]}
    server = NatsServer(directory / "data", directory / "nats.log", users)
    server.prepare()
    child = Child(server.command())
    try:
        server.wait()
        yield server
    finally:
        child.stop()


def service_names(config: pytest.Config) -> list[str]:
    """The services of the workspace under test."""
    found = Path(config.rootpath).glob("services/*/pyproject.toml")
    return sorted(file.parent.name for file in found)


@pytest.fixture(scope="session")
def recording_bus() -> "Callable[[ServiceDatabase], RecordingBus]":
    """`recording_bus(database)`: reads what was published through that database's outbox."""
    from servicekit.testing.bus import RecordingBus

    return RecordingBus


@pytest.fixture(scope="session")
def tokens() -> "Tokens":
    """Mints access tokens that an app with `jwks=tokens.jwks` accepts."""
    from servicekit.testing.tokens import Tokens

    return Tokens()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api_client(tokens: "Tokens") -> "AsyncIterator[Clients]":
    """`await api_client(app, "office", "programme-office")`: an HTTP client of an app in this
    process, whose lifespan runs until the module's end."""
    from servicekit.testing.asgi import Clients

    clients = Clients(tokens)
    yield clients
    await clients.close()
