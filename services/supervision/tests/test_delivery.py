"""The whole way over NATS: an indicator turns red, a case is opened, the world is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest_asyncio
from contracts.targets import IndicatorMeasured, IndicatorStatusChanged, UnitChanged
from servicekit import context
from servicekit.db import NAMING, Database, sqlalchemy_url
from servicekit.embedded.nats import NatsServer
from servicekit.messaging import outbox
from servicekit.messaging.bootstrap import Durables, bootstrap
from servicekit.settings import Settings as Common
from servicekit.tables import platform_tables
from servicekit.testing.databases import ServiceDatabase
from servicekit.worker import Worker
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from supervision.settings import Settings
from supervision.worker import CONSUMES, build_worker

RED_AT = datetime(2026, 7, 10, 8, tzinfo=UTC)


async def until(found: Callable[[], Any], seconds: float = 20) -> Any:
    """What `found` gives once it gives something."""
    async with asyncio.timeout(seconds):
        while True:
            value = await found()
            if value:
                return value
            await asyncio.sleep(0.05)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def targets(
    nats_server: NatsServer,
    database: ServiceDatabase,
    empty_database: Callable[[str], ServiceDatabase],
) -> AsyncIterator[Database]:
    """Another service's outbox whose events reach a running supervision worker."""
    other = empty_database("targets")
    engine = create_async_engine(sqlalchemy_url(other.migrator_url))
    metadata = MetaData(naming_convention=NAMING)
    platform_tables(metadata)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()

    def of(kind: type[Common], service: str, url: str) -> Any:
        return kind(
            service=service,
            database_url=url,
            nats_url=nats_server.url,
            nats_user=service,
            nats_password=f"{service}-password",
            nats_bootstrap_password="bootstrap-password",
            nats_monitor_url=nats_server.monitor_url,
        )

    settings = of(Settings, "supervision", database.app_url)
    await bootstrap(settings, Durables(publisher="supervision", consumes=CONSUMES))
    async with AsyncExitStack() as stack:
        publisher = Worker(of(Common, "targets", other.app_url))
        for worker in (publisher, build_worker(settings)):
            await worker.start()
            stack.push_async_callback(worker.stop)
        yield await stack.enter_async_context(Database(other.app_url))


async def tell(targets: Database, *facts: Any, correlation_id: str) -> None:
    with context.using(context.Context(correlation_id=correlation_id)):
        async with targets.session() as session:
            for fact in facts:
                outbox.add(session, fact)


async def test_a_red_indicator_travels_to_a_case_and_its_recovery_lets_it_close(
    targets: Database, office: Any, as_role: Any, pool: Any
) -> None:
    unit = UnitChanged(unit_code="gangqu-admin", name="港区", kind="park_administration",
                       parent_codes=("group-4",))  # fmt: skip
    red = IndicatorStatusChanged.model_validate(
        {
            "indicator_code": "six-parks-sales", "indicator_name": "六园区销售收入",
            "period": "2026-07", "status": "red", "previous_status": "green", "unit": "亿元",
            "reason_zh": "落后", "reason_en": "behind", "lead_unit": "gangqu-admin",
            "measured_at": RED_AT,
        }
    )  # fmt: skip
    await tell(targets, unit, red, correlation_id="the-case")
    lead = await as_role("group_lead", "group-4")

    async def cases() -> list[dict[str, Any]]:
        listed = await lead.get("/supervision-items", indicator_code="six-parks-sales")
        return listed.json()["items"]

    (item,) = await until(cases)
    assert item["correlation_id"] == "the-case"

    async def published() -> Any:
        async with pool.session() as session:
            return await session.fetch(
                "SELECT correlation_id FROM outbox WHERE published_at IS NOT NULL"
                " AND aggregate_id = $1",
                f"item:{item['id']}",
            )

    (told,) = await until(published)
    assert told["correlation_id"] == "the-case"
    green = IndicatorMeasured.model_validate(
        {
            "indicator_code": "six-parks-sales", "period": "2026-08", "actual": "45",
            "unit": "亿元", "status": "green", "measured_at": datetime.now(UTC),
        }
    )  # fmt: skip
    await tell(targets, green, correlation_id="the-return")

    async def remeasured() -> bool:
        return (await cases())[0]["remeasured_status"] == "green"

    await until(remeasured)


async def test_the_schedules_have_run_and_the_calendar_is_filled(
    targets: Database, office: Any
) -> None:
    async def days() -> list[Any]:
        listed = await office.get("/calendar", day_gte="2026-10-01", day_lte="2026-10-07")
        return listed.json()["items"]

    assert len(await until(days)) >= 5
