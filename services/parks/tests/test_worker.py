"""The worker beside the API, on a real NATS server: what it hears, tells and does by the clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from contracts.targets import UnitChanged
from parks.settings import Settings
from parks.worker import CONSUMES, build_worker
from servicekit.db import Database
from servicekit.embedded.nats import NatsServer
from servicekit.messaging import outbox
from servicekit.messaging.bootstrap import ensure_streams_and_durables
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.worker import Worker

Caller = Any
Rows = Callable[..., Awaitable[list[Any]]]


def settings(service: str, database: str, nats: NatsServer) -> Settings:
    return Settings(
        service=service,
        database_url=database,
        nats_url=nats.url,
        nats_user=service,
        nats_password=f"{service}-password",
        nats_monitor_url=nats.monitor_url,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker(database: ServiceDatabase, nats_server: NatsServer) -> AsyncIterator[Worker]:
    await ensure_streams_and_durables(
        nats_server.url,
        "bootstrap",
        "bootstrap-password",
        publishers=["parks", *CONSUMES],
        consumers={"parks": CONSUMES},
    )
    running = build_worker(settings("parks", database.app_url, nats_server))
    await running.start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def targets(postgres_server: Databases, nats_server: NatsServer) -> AsyncIterator[Database]:
    """A stand-in publisher of units: the platform's own tables and relay are all it needs."""
    database = postgres_server.migrated("parks")
    publisher = Worker(settings("targets", database.app_url, nats_server))
    await publisher.start()
    async with Database(database.app_url) as opened:
        yield opened
    await publisher.stop()
    postgres_server.drop(database)


async def until(question: Callable[[], Awaitable[bool]]) -> None:
    """Ask for up to twenty seconds."""
    for _ in range(400):
        if await question():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_it_becomes_ready(worker: Worker) -> None:
    async def ready() -> bool:
        return not any([await check() for check in worker.checks().values()])

    await until(ready)


async def test_a_unit_told_by_its_owner_arrives(
    worker: Worker, targets: Database, rows: Rows
) -> None:
    async with targets.session() as session:
        unit = UnitChanged(
            unit_code="badian-township", name="八千乡", kind="town", parent_codes=("group-4",)
        )
        outbox.add(session, unit)

    async def arrived() -> bool:
        return bool(await rows("SELECT 1 FROM unit_node WHERE code = 'badian-township'"))

    await until(arrived)


async def test_what_an_acceptance_moved_is_published(
    worker: Worker,
    office: Caller,
    register: Callable[..., Awaitable[Any]],
    file_return: Callable[..., Awaitable[Any]],
    rows: Rows,
) -> None:
    made = await register()
    row = await file_return(made["id"], "2026-01")
    assert (await office.step(row, "accept")).status_code == 200

    async def all_told() -> bool:
        waiting = "SELECT count(*) AS waiting FROM outbox WHERE published_at IS NULL"
        [found] = await rows(waiting)
        return found["waiting"] == 0

    await until(all_told)
    told = await rows("SELECT DISTINCT split_part(type, '.', 3) AS kind FROM outbox")
    assert {row["kind"] for row in told} >= {"enterprise", "operating_return", "park_metric"}


async def test_the_clock_is_kept(worker: Worker, rows: Rows) -> None:
    async def kept() -> bool:
        return bool(
            await rows("SELECT 1 FROM schedule_run WHERE name = 'parks.settle_recognitions'")
        )

    await until(kept)


@pytest.fixture(autouse=True)
def _park(gangqu: str) -> None:
    """Every test needs the park."""
