"""A publisher ("parks") and a consumer ("targets") on real Postgres and NATS, with one event."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
import pytest_asyncio
from pydantic import BaseModel
from servicekit.db import NAMING, Database, Session, sqlalchemy_url
from servicekit.embedded.nats import NatsServer
from servicekit.messaging import outbox
from servicekit.messaging.apply import Patience
from servicekit.messaging.bootstrap import ensure_streams_and_durables
from servicekit.messaging.bus import UNREACHABLE
from servicekit.messaging.nudge import Nudger
from servicekit.messaging.observe import Account, take_account
from servicekit.messaging.subscriptions import Received, Subscription
from servicekit.settings import Settings
from servicekit.tables import platform_tables
from servicekit.testing.databases import ServiceDatabase
from servicekit.worker import Worker
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

HASTY = Patience(attempts=3, backoff=(0.05, 0.1), gap=1.0, gap_pause=0.1)


class Counted(BaseModel):
    """The test's event: a number of a thing."""

    type: ClassVar[str] = "kechuang.parks.thing.counted.v1"
    thing: str
    number: int

    @property
    def subject(self) -> str:
        return self.thing


class Uncared(Counted):
    """An event nobody subscribes to."""

    type: ClassVar[str] = "kechuang.parks.thing.uncared.v1"


async def make_tables(database: ServiceDatabase) -> None:
    metadata = MetaData(naming_convention=NAMING)
    platform_tables(metadata)
    engine = create_async_engine(sqlalchemy_url(database.migrator_url))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS effect"
                " (n bigint GENERATED ALWAYS AS IDENTITY, thing text, number bigint,"
                " applied_at timestamptz DEFAULT clock_timestamp())"
            )
        )
    await engine.dispose()


@dataclass
class World:
    """Both sides. `broken` are the numbers the handler refuses."""

    nats: NatsServer
    parks: ServiceDatabase
    targets: ServiceDatabase
    broken: set[int] = field(default_factory=set)
    source: Database = field(init=False)
    sink: Database = field(init=False)
    _running: list[Worker] = field(default_factory=list)

    def counted(self, thing: str, number: int) -> Counted:
        return Counted(thing=thing, number=number)

    def __post_init__(self) -> None:
        self.source = Database(self.parks.app_url, pool_size=20)
        self.sink = Database(self.targets.app_url)

    def settings(self, service: str) -> Settings:
        database = self.parks if service == "parks" else self.targets
        return Settings(
            service=service,
            database_url=database.app_url,
            nats_url=self.nats.url,
            nats_user=service,
            nats_password=f"{service}-password",
            nats_monitor_url=self.nats.monitor_url,
        )

    async def bootstrap(self) -> None:
        await ensure_streams_and_durables(
            self.nats.url,
            "bootstrap",
            "bootstrap-password",
            publishers=["parks", "targets"],
            consumers={"targets": ["parks"]},
        )

    async def on_counted(self, session: Session, event: Received[Counted]) -> None:
        if event.data.number in self.broken:
            raise RuntimeError(f"{event.data.number} is broken")
        await session.execute(
            text("INSERT INTO effect (thing, number) VALUES (:thing, :number)"),
            {"thing": event.data.thing, "number": event.data.number},
        )

    async def publisher(self) -> Worker:
        return await self.run(Worker(self.settings("parks"), patience=HASTY))

    async def consumer(self, **options: Any) -> Worker:
        subscriptions = [Subscription(Counted, self.on_counted)]
        options = {"publishes": False, "patience": HASTY} | options
        return await self.run(
            Worker(self.settings("targets"), subscriptions=subscriptions, **options)
        )

    async def run(self, worker: Worker) -> Worker:
        await worker.start()
        self._running.append(worker)
        return worker

    async def add(self, thing: str, numbers: Iterable[int], *, heard: bool = True) -> None:
        kind = Counted if heard else Uncared
        async with self.source.session() as session:
            for number in numbers:
                outbox.add(session, kind(thing=thing, number=number))

    async def effects(self, thing: str) -> list[int]:
        async with self.sink.session() as session:
            rows = await session.fetch(
                "SELECT number FROM effect WHERE thing = $1 ORDER BY n", thing
            )
        return [row["number"] for row in rows]

    async def account(self) -> Account:
        worker = self._running[-1]
        return await take_account(worker.bus, self.sink, "targets", "parks")

    async def settled(self) -> Account:
        """Wait until nothing is pending and answer the account, which must balance."""

        async def at_rest() -> Account | None:
            nonlocal last
            try:
                last = await self.account()
            except UNREACHABLE:
                return None
            return last if last.pending == last.unaccounted == 0 else None

        last: Account | None = None
        try:
            # Acknowledgements that died with a server come again after the 15 s of the durable.
            return await self.until(at_rest, 45)
        except AssertionError:
            assert last is not None, "NATS does not answer"
            raise AssertionError(f"{last.messages=} {last.pending=} {last.outcomes=}") from None

    async def until(self, probe: Callable[[], Awaitable[Any]], seconds: float = 20.0) -> Any:
        end = time.monotonic() + seconds
        while True:
            found = await probe()
            if found:
                return found
            assert time.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.02)

    async def stop_workers(self) -> None:
        for worker in self._running:
            await worker.stop()
        self._running.clear()
        self.broken.clear()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_world(
    nats_server: NatsServer, empty_database: Callable[[str], ServiceDatabase]
) -> AsyncIterator[World]:
    world = World(nats_server, empty_database("parks"), empty_database("targets"))
    await make_tables(world.parks)
    await make_tables(world.targets)
    await world.bootstrap()
    nudger = Nudger(world.source)
    await nudger.start()
    world.source.on_commit = nudger.poke
    yield world
    await nudger.close()
    await world.source.close()
    await world.sink.close()


@pytest_asyncio.fixture(loop_scope="module")
async def world(whole_world: World) -> AsyncIterator[World]:
    yield whole_world
    await whole_world.stop_workers()


@pytest.fixture
def hasty() -> Patience:
    return HASTY
