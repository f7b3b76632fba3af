"""The worker on real NATS: parks' number travels here, the judgement travels on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest_asyncio
from contracts.parks import ParkMetricChanged
from servicekit import context
from servicekit.db import NAMING, Database, sqlalchemy_url
from servicekit.embedded.nats import NatsServer
from servicekit.messaging import outbox
from servicekit.messaging.apply import Patience
from servicekit.messaging.bootstrap import ensure_streams_and_durables
from servicekit.settings import Settings
from servicekit.tables import platform_tables
from servicekit.testing.databases import ServiceDatabase
from servicekit.worker import Worker
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from targets.worker import CONSUMES, SUBSCRIPTIONS

HASTY = Patience(attempts=2, backoff=(0.05,), gap=1.0, gap_pause=0.1)


def settings(service: str, database: ServiceDatabase, nats: NatsServer) -> Settings:
    return Settings(
        service=service,
        database_url=database.app_url,
        nats_url=nats.url,
        nats_user=service,
        nats_password=f"{service}-password",
        nats_monitor_url=nats.monitor_url,
    )


async def make_outbox(database: ServiceDatabase) -> None:
    metadata = MetaData(naming_convention=NAMING)
    platform_tables(metadata)
    engine = create_async_engine(sqlalchemy_url(database.migrator_url))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parks(
    service_database: Callable[[str], ServiceDatabase],
    empty_database: Callable[[str], ServiceDatabase],
    nats_server: NatsServer,
) -> AsyncIterator[Database]:
    """The parks side's outbox, with both workers running."""
    await ensure_streams_and_durables(
        nats_server.url,
        "bootstrap",
        "bootstrap-password",
        publishers=[*CONSUMES, "targets"],
        consumers={"targets": CONSUMES},
    )
    source = empty_database("parks")
    await make_outbox(source)
    here = settings("targets", service_database("targets"), nats_server)
    workers = [
        Worker(settings("parks", source, nats_server), patience=HASTY),
        Worker(here, subscriptions=SUBSCRIPTIONS, patience=HASTY),
    ]
    for worker in workers:
        await worker.start()
    async with Database(source.app_url) as database:
        yield database
    for worker in workers:
        await worker.stop()


async def publish(parks: Database, period: str, value: str, unit: str = "万元") -> None:
    with context.using(context.Context(correlation_id="case-9")):
        async with parks.session() as session:
            data = ParkMetricChanged(
                series=f"far/{period}", metric="far", period=period, value=Decimal(value), unit=unit
            )
            outbox.add(session, data)


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """The first true answer within ten seconds."""
    for _ in range(200):
        if found := await condition():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


async def test_a_number_from_parks_is_judged_and_the_judgement_is_published(
    world: Any, parks: Database
) -> None:
    await world.indicator("far", source_kind="parks", source_metric="far", frequency="month")
    await publish(parks, "2026-06", "100000")

    async def judged() -> Any:
        return await world.bus.events("status_changed", "indicator:far")

    (event,) = await until(judged)
    assert (event.data["status"], event.correlation_id) == ("red", "case-9")

    async def relayed() -> Any:
        async with world.database.session() as session:
            return await session.scalar(
                text("SELECT bool_and(published_at IS NOT NULL) FROM outbox")
            )

    await until(relayed)


async def test_a_number_in_an_unknown_unit_is_parked_and_nothing_of_it_is_kept(
    world: Any, parks: Database
) -> None:
    await publish(parks, "2026-07", "1", unit="吨")

    async def parked() -> Any:
        async with world.database.session() as session:
            return await session.scalar(text("SELECT error FROM parked_event"))

    assert "unknown_conversion" in await until(parked)
    assert (await world.board("far"))["period"] == "2026-06"
