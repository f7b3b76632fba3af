"""A receiver on a real socket, and a sender with real rules."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from gateway.document.service import Documents
from gateway.events.handlers import on_event as log_event
from gateway.proxy.domain import RouteTable
from gateway.proxy.service import Upstreams
from gateway.visibility.service import Visibility
from gateway.webhooks.handlers import on_event as enqueue
from gateway.webhooks.sender import Sender
from gateway.webhooks.service import Means
from servicekit.db import Database
from servicekit.ids import new_id

SERVICES = Path(__file__).parents[3]
NOWHERE: dict[str, str] = dict.fromkeys(
    ("targets", "funding", "parks", "supervision"), "http://127.0.0.1:9"
)


@dataclass
class Receiver:
    """Notes what it gets and answers what it is told to."""

    port: int = 0
    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {n.decode(): v.decode("latin-1") for n, v in scope["headers"]}
        self.got.append((headers | {":path": scope["path"]}, body))
        if self.hold is not None:
            await self.hold.wait()
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"x" * 100_000})

    async def wait(self, count: int, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while len(self.got) < count:  # noqa: ASYNC110 - the sender decides
                await asyncio.sleep(0.01)

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.got]


@pytest_asyncio.fixture(loop_scope="module")
async def receiver(serve: Any) -> AsyncIterator[Receiver]:
    app = Receiver()
    async with serve(app, lifespan="off") as url:
        app.port = int(url.rpartition(":")[2])
        yield app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hooked(live_gateway: Any) -> AsyncIterator[Any]:
    """A gateway that may send to this machine, with the test callers as registered clients."""
    key = Fernet.generate_key().decode()
    async with live_gateway(
        webhook_allowlist="127.0.0.1, hooks.example", webhook_key=key
    ) as gateway:
        await plant_clients(gateway.database.superuser_url)
        yield gateway


async def plant_clients(url: str) -> None:
    connection = await asyncpg.connect(url)
    for role, unit, scopes in (
        ("office", None, []),
        ("ops", None, []),
        ("system", None, ["webhooks.*", "progress_reports.read"]),
    ):
        await connection.execute(
            "INSERT INTO api_client (client_id, name, roles, unit, scopes, created_at, updated_at)"
            " VALUES ($1, $1, ARRAY[$2], $3, $4, now(), now()) ON CONFLICT DO NOTHING",
            f"test-{role}",
            role,
            unit,
            scopes,
        )
    await connection.close()


@pytest_asyncio.fixture(loop_scope="module")
async def database(hooked: Any) -> AsyncIterator[Database]:
    """The gateway's database with no webhook and no event in it."""
    connection = await asyncpg.connect(hooked.database.superuser_url)
    await connection.execute("TRUNCATE event_log, webhook CASCADE")
    await connection.close()
    async with Database(hooked.database.app_url) as opened:
        yield opened


@pytest.fixture
def sender(hooked: Any) -> Sender:
    upstreams = Upstreams(NOWHERE)
    documents = Documents(
        own=dict,
        version="1",
        upstreams=upstreams,
        table=RouteTable(NOWHERE),
        snapshots=SERVICES,
    )
    return Sender(
        Visibility(documents), Means.of(hooked.settings), "http://x/schemas", timedelta(days=5)
    )


async def subscribe(hooked: Any, role: str = "office", **values: Any) -> tuple[Any, str]:
    """A new webhook of `test-<role>` and its secret."""
    body = {"name": "hook", "types": ["*"], **values}
    claims = {"scope": "webhooks.* progress_reports.read"} if role == "system" else {}
    async with hooked.client(role, **claims) as client:
        answer = await client.post(
            "/api/v1/webhooks", json=body, headers={"Idempotency-Key": str(new_id())}
        )
    assert answer.status_code == 201, answer.text
    read = answer.json()
    return read, read.pop("secret")


@pytest.fixture(name="subscribe")
def subscribe_fixture() -> Callable[..., Any]:
    return subscribe


@dataclass
class Desk:
    """Everything between an event and its receiver."""

    hooked: Any
    database: Database
    sender: Sender
    receiver: Receiver
    event: Callable[..., Any]

    async def subscribe(self, role: str = "office", **values: Any) -> tuple[Any, str]:
        """A new webhook of `test-<role>` and its secret."""
        return await subscribe(self.hooked, role, **values)

    async def publish(self, *events: Any) -> None:
        """Log events and enqueue their deliveries, in one transaction as the worker does."""
        async with self.database.session() as session:
            for event in events:
                await log_event(session, event)
                await enqueue(session, event)

    @asynccontextmanager
    async def sending(self, sender: Sender | None = None) -> AsyncIterator[None]:
        """A sender at work."""
        task = asyncio.create_task((sender or self.sender).run(self.database))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def desk(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Receiver,
    as_received: Callable[..., Any],
) -> Desk:
    return Desk(hooked, database, sender, receiver, as_received)
