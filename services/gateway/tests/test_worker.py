"""The worker as a process of its own, on a real NATS server, killed at the worst moment."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest_asyncio
from contracts.supervision import MeetingHeld
from contracts.targets import UnitChanged
from cryptography.fernet import Fernet
from gateway.webhooks.signing import SecretBox, new_secret
from gateway.worker import CONSUMES
from servicekit.db import Database
from servicekit.embedded.nats import NatsServer
from servicekit.messaging import outbox
from servicekit.messaging.bootstrap import ensure_streams_and_durables
from servicekit.settings import Settings
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.worker import Worker
from standardwebhooks import Webhook

SERVICES = Path(__file__).parents[2]
KEY = Fernet.generate_key().decode()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def publishers(
    postgres_server: Databases, nats_server: NatsServer
) -> AsyncIterator[dict[str, Database]]:
    """Two services that publish: the platform's own tables and relay are all it needs."""
    await ensure_streams_and_durables(
        nats_server.url,
        "bootstrap",
        "bootstrap-password",
        publishers=CONSUMES,
        consumers={"gateway": CONSUMES},
    )
    databases = {name: postgres_server.migrated("parks") for name in ("targets", "supervision")}
    workers = [
        Worker(
            Settings(
                service=name,
                database_url=database.app_url,
                nats_url=nats_server.url,
                nats_user=name,
                nats_password=f"{name}-password",
                nats_monitor_url=nats_server.monitor_url,
            )
        )
        for name, database in databases.items()
    ]
    opened = {name: Database(database.app_url) for name, database in databases.items()}
    for worker in workers:
        await worker.start()
    yield opened
    for worker in workers:
        await worker.stop()
    for name, database in databases.items():
        await opened[name].close()
        postgres_server.drop(database)


@contextmanager
def process(database: ServiceDatabase, nats: NatsServer) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m gateway worker`."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {
        "DATABASE_URL": database.app_url,
        "NATS_URL": nats.url,
        "NATS_USER": "gateway",
        "NATS_PASSWORD": "gateway-password",
        "NATS_MONITOR_URL": nats.monitor_url,
        "PORT": str(port),
        "UPSTREAMS": json.dumps(dict.fromkeys(CONSUMES, "http://127.0.0.1:9")),
        "OPENAPI_SNAPSHOTS": str(SERVICES),
        "WEBHOOK_ALLOWLIST": "127.0.0.1",
        "WEBHOOK_KEY": KEY,
    }
    environment = {f"KECHUANG_{name}": value for name, value in settings.items()}
    running = subprocess.Popen(
        [sys.executable, "-m", "gateway", "worker"],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


async def plant_webhook(connection: asyncpg.Connection, url: str) -> str:
    secret, webhook = new_secret(), uuid4()
    await connection.execute(
        "INSERT INTO api_client (client_id, name, roles, scopes, created_at, updated_at)"
        " VALUES ('hook-owner', 'x', ARRAY['office'], '{}', now(), now())"
    )
    await connection.execute(
        "INSERT INTO webhook (id, client_id, name, url, types, units, subjects, state, version,"
        " created_at, updated_at) VALUES ($1, 'hook-owner', 'x', $2, ARRAY['*'], '{}', '{}',"
        " 'active', 1, now(), now())",
        webhook,
        url,
    )
    await connection.execute(
        "INSERT INTO webhook_secret VALUES ($1, $2, $3, now(), NULL)",
        uuid4(),
        webhook,
        SecretBox(KEY).seal(secret),
    )
    return secret


async def until(question: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(30):
        while not (answer := await question()):  # noqa: ASYNC110 - other processes decide
            await asyncio.sleep(0.05)
    return answer


async def test_a_worker_killed_between_sending_and_noting_sends_again_with_the_same_id(
    service_database: Callable[[str], ServiceDatabase],
    nats_server: NatsServer,
    publishers: dict[str, Database],
    serve: Any,
) -> None:
    database = service_database("gateway")
    got: list[tuple[dict[str, str], bytes]] = []
    hold = asyncio.Event()

    async def receiver(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        headers = {n.decode(): v.decode() for n, v in scope["headers"]}
        got.append((headers, message["body"]))
        await hold.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def received() -> bool:
        return bool(got)

    connection = await asyncpg.connect(database.superuser_url)
    async with serve(receiver, lifespan="off") as url:
        secret = await plant_webhook(connection, f"{url}/hooks")
        async with publishers["targets"].session() as session:
            outbox.add(session, UnitChanged(unit_code="a", name="a", kind="bureau"))
        with process(database, nats_server) as first:
            await until(received)
            first.send_signal(signal.SIGKILL)
            first.wait()
        assert await connection.fetchval("SELECT count(*) FROM webhook_attempt") == 0
        hold.set()
        # The dead one's lease is over.
        await connection.execute("UPDATE webhook_delivery SET leased_until = now()")
        async with publishers["supervision"].session() as session:
            held = MeetingHeld.model_validate(
                {"meeting_id": uuid4(), "period": "2026-07", "held_on": "2026-07-30"}
            )
            outbox.add(session, held)
        with process(database, nats_server):
            delivered = "SELECT count(*) = 2 FROM webhook_delivery WHERE state = 'delivered'"
            await until(lambda: connection.fetchval(delivered))
    ids = [headers["webhook-id"] for headers, _ in got]
    assert len(ids) == 3
    assert len(set(ids)) == 2
    assert ids.count(ids[0]) == 2
    for headers, body in got:
        assert Webhook(secret).verify(body, headers)["id"] == headers["webhook-id"]
    logged = await connection.fetch("SELECT publisher, permission FROM event_log ORDER BY position")
    assert [tuple(row) for row in logged] == [
        ("targets", "units.read"),
        ("supervision", "meetings.read"),
    ]
    assert await connection.fetchval("SELECT name FROM unit_node WHERE code = 'a'") == "a"
    await connection.close()
