"""A real gateway on a real socket, with a small real service behind it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from gateway.main import build
from gateway.settings import GatewaySettings
from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.messaging.subscriptions import Received
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.server import served
from servicekit.testing.tokens import Tokens

SHORT_READ = 1.0


@dataclass
class Upstream:
    """A service that notes what it gets and answers what the path asks for."""

    url: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    paths: list[str] = field(default_factory=lambda: ["/api/v1/indicators", "/api/v1/extras/{id}"])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more and not scope["path"].endswith("/early"):
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if not scope["path"].endswith("openapi.json"):
            self.note(scope, body)
        last = scope["path"].rpartition("/")[2]
        await getattr(self, f"answer_{last.replace('.', '_')}", self.answer)(receive, send)

    def note(self, scope: Any, body: bytes) -> None:
        self.seen.append(
            {
                "method": scope["method"],
                "raw_path": scope["raw_path"].decode(),
                "query": scope["query_string"].decode("latin-1"),
                "headers": [(n.decode(), v.decode("latin-1")) for n, v in scope["headers"]],
                "body": body,
            }
        )

    async def answer(self, receive: Any, send: Any) -> None:
        await self._send(send, 200, json.dumps({"seen": len(self.seen)}).encode())

    async def _send(
        self, send: Any, status: int, body: bytes, *headers: tuple[bytes, bytes]
    ) -> None:
        head = [(b"content-type", b"application/json"), *headers]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})

    async def answer_openapi_json(self, receive: Any, send: Any) -> None:
        operation = {"operationId": "listIndicators", "tags": ["indicators"], "responses": {}}
        paths: dict[str, Any] = {path: {} for path in self.paths}
        paths["/api/v1/indicators"] = {"get": operation}
        await self._send(send, 200, json.dumps({"openapi": "3.1.0", "paths": paths}).encode())

    async def answer_moved(self, receive: Any, send: Any) -> None:
        location = f"{self.url}/api/v1/indicators/new".encode()
        await self._send(send, 307, b"", (b"location", location))

    async def answer_hop(self, receive: Any, send: Any) -> None:
        await self._send(
            send,
            200,
            b"{}",
            (b"connection", b"x-secret"),
            (b"x-secret", b"inside"),
            (b"keep-alive", b"timeout=5"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
            (b"x-request-id", b"forged-by-service"),
        )

    async def answer_gzipped(self, receive: Any, send: Any) -> None:
        await self._send(send, 200, b"\x1f\x8b-not-decoded", (b"content-encoding", b"gzip"))

    async def answer_missing(self, receive: Any, send: Any) -> None:
        await self._send(send, 404, b"{}")

    async def answer_broke(self, receive: Any, send: Any) -> None:
        await self._send(send, 500, b"{}")

    async def answer_slow(self, receive: Any, send: Any) -> None:
        await asyncio.sleep(SHORT_READ * 4)
        await self._send(send, 200, b"{}")

    async def answer_unhurried(self, receive: Any, send: Any) -> None:
        await asyncio.sleep(1.5)
        await self._send(send, 200, b'{"unhurried": true}')

    async def answer_story(self, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(20):
            piece = f"data: {number}\n\n".encode()
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b""})

    async def answer_broken(self, receive: Any, send: Any) -> None:
        head = [(b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"only this", "more_body": True})

    async def answer_stream(self, receive: Any, send: Any) -> None:
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        watch = asyncio.ensure_future(receive())
        for number in range(200):
            piece = f"data: {number}\n\n".encode()
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.wait({watch}, timeout=0.05)
            if watch.done():
                self.gone.set()
                return


@dataclass
class Gateway:
    """The running gateway, its app and the service behind it (as `targets`)."""

    url: str
    app: FastAPI
    upstream: Upstream
    tokens: Tokens
    settings: GatewaySettings
    database: ServiceDatabase

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)

    def client(self, *roles: str, **claims: Any) -> httpx.AsyncClient:
        headers = self.tokens.bearer(*(roles or ("office",)), **claims)
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False)

    async def raw(self, request: bytes, *, seconds: float = 3) -> bytes:
        """Send bytes as they are; everything that comes back until the connection is closed or
        nothing has come for a while."""
        reader, writer = await asyncio.open_connection(*self.address)
        writer.write(request)
        answer = b""
        try:
            async with asyncio.timeout(seconds):
                while chunk := await reader.read(65536):
                    answer += chunk
                    if b"\r\n\r\n" in answer:
                        seconds = 0.3
        except TimeoutError:
            pass
        finally:
            writer.close()
        return answer


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def settings_for(database: ServiceDatabase, tokens: Tokens, **changes: Any) -> GatewaySettings:
    values: dict[str, Any] = {
        "database_url": database.app_url,
        "signing_key": json.dumps(tokens.key.as_dict(private=True)),
        "rate_limit": "100000/second",
        "forgery_limit": "100000/minute",
    }
    return GatewaySettings(**{**values, **changes})


@pytest.fixture(scope="session")
def served_at() -> Callable[[Any], AbstractAsyncContextManager[str]]:
    """`served`, for test modules that bring an app of their own."""
    return served


GatewayWith = Callable[..., AbstractAsyncContextManager[Gateway]]


@pytest.fixture(scope="module")
def gateway_with(service_database: Callable[[str], ServiceDatabase], tokens: Tokens) -> GatewayWith:
    """`gateway_with(funding=address, parks=None, …)`: a gateway with `targets` up and the services
    named, at the address given or, for none, where nobody listens; `changes` are settings."""

    @asynccontextmanager
    async def start(
        changes: dict[str, Any] | None = None, **services: str | None
    ) -> AsyncIterator[Gateway]:
        upstream = Upstream()
        database = service_database("gateway")
        async with served(upstream, lifespan="off") as upstream.url:
            addresses = {"targets": upstream.url}
            for name, address in services.items():
                addresses[name] = address or f"http://127.0.0.1:{closed_port()}"
            settings = settings_for(database, tokens, upstreams=addresses, **(changes or {}))
            app = build(settings)
            async with served(app) as url:
                yield Gateway(url, app, upstream, tokens, settings, database)

    return start


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(gateway_with: GatewayWith) -> AsyncIterator[Gateway]:
    """A gateway with `targets` up, `funding` down and nothing else."""
    async with gateway_with(funding=None) as running:
        yield running


SERVICES = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    """`served`, for the fixtures of the features."""
    return served


@pytest.fixture(scope="module")
def live_gateway(
    service_database: Callable[[str], ServiceDatabase], tokens: Tokens
) -> Callable[..., Any]:
    """`live_gateway(**settings)`: a gateway that knows the permissions of all four services from
    their committed documents."""

    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[Gateway]:
        database = service_database("gateway")
        nowhere = f"http://127.0.0.1:{closed_port()}"
        settings = settings_for(
            database,
            tokens,
            upstreams=dict.fromkeys(("targets", "funding", "parks", "supervision"), nowhere),
            openapi_snapshots=SERVICES,
            streams_per_client=5,
            **changes,
        )
        app = build(settings)
        async with served(app) as url:
            yield Gateway(url, app, Upstream(), tokens, settings, database)

    return run


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(live_gateway: Callable[..., Any]) -> AsyncIterator[Gateway]:
    async with live_gateway() as gateway:
        yield gateway


def received(event: Any, version: int = 1, **changes: Any) -> Received[Any]:
    """An event as the worker hands it to a handler that hears everything."""
    values: dict[str, Any] = {
        "id": new_id(),
        "type": event.type,
        "publisher": event.type.split(".")[1],
        "aggregate_id": event.subject,
        "aggregate_version": version,
        "time": now(),
        "data": event.model_dump(mode="json"),
        "correlation_id": "case-1",
        "causation_id": None,
        "traceparent": None,
    }
    return Received(**{**values, **changes})


@pytest.fixture(scope="session")
def as_received() -> Callable[..., Received[Any]]:
    return received
