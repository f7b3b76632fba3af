"""Over a real NATS: supervision speaks, funding holds and releases, and says so."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest_asyncio
from contracts.base import Event
from contracts.parks import EnterpriseChanged
from contracts.supervision import ItemClosed, ItemOpened
from contracts.targets import UnitChanged
from funding.settings import Settings
from funding.worker import CONSUMES, build_worker
from servicekit import context
from servicekit.context import Context
from servicekit.db import NAMING, Database, sqlalchemy_url
from servicekit.embedded.nats import NatsServer
from servicekit.messaging import outbox
from servicekit.messaging.bootstrap import ensure_streams_and_durables
from servicekit.tables import platform_tables
from servicekit.testing.databases import ServiceDatabase
from servicekit.worker import Worker
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine


def settings(service: str, nats: NatsServer, stored: ServiceDatabase) -> Settings:
    return Settings(
        service=service,
        database_url=stored.app_url,
        nats_url=nats.url,
        nats_user=service,
        nats_password=f"{service}-password",
        nats_monitor_url=nats.monitor_url,
    )


class Neighbour:
    """Another service, as far as it only publishes."""

    def __init__(self, service: str, nats: NatsServer, stored: ServiceDatabase) -> None:
        self.stored = stored
        self.database = Database(stored.app_url)
        self.worker = Worker(settings(service, nats, stored))

    async def start(self) -> None:
        metadata = MetaData(naming_convention=NAMING)
        platform_tables(metadata)
        engine = create_async_engine(sqlalchemy_url(self.stored.migrator_url))
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()
        await self.worker.start()

    async def says(self, event: Event, case: str) -> None:
        with context.using(Context(correlation_id=case)):
            async with self.database.session() as session:
                outbox.add(session, event)

    async def stop(self) -> None:
        await self.worker.stop()
        await self.database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def neighbours(
    house: Any, nats_server: NatsServer, empty_database: Callable[[str], ServiceDatabase]
) -> AsyncIterator[dict[str, Neighbour]]:
    await ensure_streams_and_durables(
        nats_server.url,
        "bootstrap",
        "bootstrap-password",
        publishers=["funding", *CONSUMES],
        consumers={"funding": CONSUMES},
    )
    made = {name: Neighbour(name, nats_server, empty_database(name)) for name in CONSUMES}
    worker = build_worker(settings("funding", nats_server, house.stored))
    await asyncio.gather(worker.start(), *(each.start() for each in made.values()))
    yield made
    await asyncio.gather(worker.stop(), *(each.stop() for each in made.values()))


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait for an effect that comes by itself."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


async def test_a_rectification_holds_a_payment_and_its_end_releases_it(
    house: Any, neighbours: dict[str, Neighbour]
) -> None:
    row = await house.asked((await house.award("10.00"))["id"], "10.00")
    path = f"/disbursements/{row['id']}"

    async def is_held() -> bool:
        return (await house.get("auditor", path)).json()["held"]

    async def is_free() -> bool:
        return not await is_held()

    item = uuid4()
    fields = {"item_id": item, "number": "2026-0001", "responsible_unit": "maizier-sugar"}
    opened = {**fields, "title": "t", "origin": "indicator", "due_on": date(2026, 8, 1)}
    await neighbours["supervision"].says(ItemOpened.model_validate(opened), "case-7")
    await until(is_held)
    now = (await house.get("auditor", path)).json()
    refused = await house.step("finance_checker", now, "check")
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_held")
    (told,) = await house.bus.events("disbursement.held")
    assert told.correlation_id == "case-7", "one id follows the case through every service"
    assert told.causation_id
    ended = {"origin": "indicator", "outcome": "closed", "closed_at": datetime.now(UTC)}
    await neighbours["supervision"].says(ItemClosed.model_validate({**fields, **ended}), "case-7")
    await until(is_free)
    now = (await house.get("auditor", path)).json()
    assert (await house.step("finance_checker", now, "check")).status_code == 200


async def test_a_unit_of_the_directory_becomes_a_payee(
    house: Any, neighbours: dict[str, Neighbour]
) -> None:
    budget = await house.appropriated("10.00")
    body = {"budget_id": budget["id"], "payee_unit": "zhengli", "title": "t", "amount": "1.00"}
    assert (await house.post("office", "/awards", body)).status_code == 422
    unit = UnitChanged(unit_code="zhengli", name="正力实业", kind="enterprise")
    await neighbours["targets"].says(unit, "case-8")

    async def can_be_paid() -> bool:
        return (await house.post("office", "/awards", body)).status_code == 201

    await until(can_be_paid)


async def test_the_park_register_is_kept_as_a_copy(
    house: Any, neighbours: dict[str, Neighbour]
) -> None:
    key = uuid4()
    enterprise = EnterpriseChanged(
        enterprise_id=key,
        uscc="91410184MADEM0007D",
        name="麦滋尔糖业",
        unit_code="maizier-sugar",
        enterprise_class="high_tech",
    )
    await neighbours["parks"].says(enterprise, "case-9")

    async def is_known() -> bool:
        query = "SELECT 1 FROM registered_enterprise WHERE enterprise_id = $1"
        return bool(await house.rows(query, key))

    await until(is_known)


async def test_what_funding_publishes_leaves_its_outbox(
    house: Any, neighbours: dict[str, Neighbour]
) -> None:
    await house.year(2051, "77.00")

    async def has_left() -> bool:
        rows = await house.rows("SELECT 1 FROM outbox WHERE published_at IS NULL")
        return rows == []

    await until(has_left)


async def test_the_worker_evaluates_the_rules_by_itself(
    house: Any, neighbours: dict[str, Neighbour]
) -> None:
    async def has_run() -> bool:
        return bool(
            await house.rows("SELECT 1 FROM schedule_run WHERE name = 'evaluate_funding_rules'")
        )

    await until(has_run)
