"""A publisher ("parks") and a consumer ("targets") on real Postgres and NATS, with one event: the
way of the events without any business on it, and a NATS server that can be ended at will."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import orjson
import structlog
from pydantic import BaseModel
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

from servicekit.db import NAMING, Database, Session, sqlalchemy_url
from servicekit.embedded.nats import NatsServer, program
from servicekit.messaging import outbox
from servicekit.messaging.apply import Patience
from servicekit.messaging.bootstrap import MAX_BYTES, ensure_streams_and_durables, keep
from servicekit.messaging.bus import UNREACHABLE
from servicekit.messaging.nudge import Nudger
from servicekit.messaging.observe import Account, take_account
from servicekit.messaging.subscriptions import Received, Subscription
from servicekit.settings import Settings
from servicekit.tables import platform_tables
from servicekit.testing.databases import ServiceDatabase
from servicekit.worker import Worker

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
    """Both sides. `broken` are the numbers the handler refuses; `max_bytes` is what a stream may
    have from the next `bootstrap` on."""

    nats: NatsServer
    parks: ServiceDatabase
    targets: ServiceDatabase
    broken: set[int] = field(default_factory=set)
    max_bytes: int = MAX_BYTES
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
            max_bytes=self.max_bytes,
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

    def keeper(self) -> asyncio.Task[None]:
        """What runs bootstrap again and again beside the services, until it is cancelled."""
        return asyncio.create_task(
            keep(
                self.nats.url,
                "bootstrap",
                "bootstrap-password",
                publishers=["parks", "targets"],
                consumers={"targets": ["parks"]},
                every=0.5,
                max_bytes=self.max_bytes,
            )
        )

    async def sent(self, thing: str, numbers: range) -> None:
        """Add these and wait until all up to the last of them are applied."""
        await self.add(thing, numbers)

        async def applied() -> bool:
            return len(await self.effects(thing)) == numbers.stop

        await self.until(applied, 40)

    async def stored(self) -> int:
        """How many events the outbox holds."""
        async with self.source.session() as session:
            row = await session.fetch_row("SELECT count(*) FROM outbox")
        return int(row[0]) if row else 0

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
        """End every worker; whatever was refused is accepted again."""
        for worker in self._running:
            await worker.stop()
        self._running.clear()
        self.broken.clear()


@asynccontextmanager
async def both_sides(
    nats_server: NatsServer, empty_database: Callable[[str], ServiceDatabase]
) -> AsyncIterator[World]:
    """The world with its tables, streams and durables, and no worker yet."""
    _plain_tracebacks()
    world = World(nats_server, empty_database("parks"), empty_database("targets"))
    await make_tables(world.parks)
    await make_tables(world.targets)
    await world.bootstrap()
    nudger = Nudger(world.source)
    await nudger.start()
    world.source.on_commit = nudger.poke
    try:
        yield world
    finally:
        await nudger.close()
        await world.source.close()
        await world.sink.close()


def _plain_tracebacks() -> None:
    """structlog's own renderer draws every local variable of every frame, which takes seconds of a
    busy machine, in the event loop; a service's renderer does not."""
    renderer = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


def envelope(thing: str, version: int, **changes: object) -> bytes:
    """A message of the test's event as the relay would send it, but for `changes`."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": "/services/parks",
            "type": "kechuang.parks.thing.counted.v1",
            "subject": thing,
            "time": "2026-07-01T00:00:00Z",
            "aggregateversion": version,
            "correlationid": "case",
            "data": {"thing": thing, "number": version},
            **changes,
        }
    )


class Server:
    """A world's NATS server, ended and started at will. `store` is what it keeps."""

    def __init__(self, world: World) -> None:
        self.nats = world.nats
        self.store = Path(self.nats.data_dir) / "store"
        self.child: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        """Returns when it is dead: the next one needs its port."""
        if self.child is None:
            while pids := self._pids():
                for pid in pids:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.01)
        else:
            self.child.kill()
            self.child.wait()

    def _pids(self) -> list[int]:
        """Of whoever runs with its configuration; the dead have no command line."""
        found = subprocess.run(
            ["pgrep", "-f", str(self.nats.config)],  # noqa: S607 - a test's own machine
            check=False,
            capture_output=True,
            text=True,
        )
        return [int(pid) for pid in found.stdout.split()]

    def start(self) -> None:
        with open(self.nats.log, "ab") as log:
            self.child = subprocess.Popen(
                [program(), "--config", str(self.nats.config)], stdout=log, stderr=log
            )
        self.nats.wait()

    def lose_everything(self) -> None:
        """It is killed, and back without anything it kept."""
        self.kill()
        shutil.rmtree(self.store)
        self.start()

    def block(self, publisher: str) -> Path:
        """The file that holds the newest messages of a publisher's stream."""
        *_, newest = sorted((self.store / "jetstream").glob(f"**/{publisher.upper()}/msgs/*.blk"))
        return newest

    def forget_index(self, publisher: str) -> None:
        """As after a crash: the server reads the messages themselves when it starts."""
        for index in (self.store / "jetstream").glob(f"**/{publisher.upper()}/msgs/index.db"):
            index.unlink()
