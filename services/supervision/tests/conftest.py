"""A supervision service in this process on a database of the test module's own."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from servicekit.db import Database
from servicekit.testing.asgi import Clients
from servicekit.testing.authorisation.jobs import do_jobs
from servicekit.testing.bus import RecordingBus
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens
from supervision.main import build
from supervision.settings import Settings
from supervision.worker import JOBS

Call = Callable[..., Awaitable[httpx.Response]]


class Caller:
    """Speaks to the API as one caller; every POST gets a key of its own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.client.get(f"/api/v1{path}", params=params)

    async def put(self, path: str, body: Any, etag: str | None = None) -> httpx.Response:
        headers = {"If-Match": etag} if etag else {}
        return await self.client.put(f"/api/v1{path}", json=body, headers=headers)

    async def post(
        self, path: str, body: Any = None, etag: str | None = None, key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if etag:
            headers["If-Match"] = etag
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)

    async def patch(self, path: str, body: Any, etag: str) -> httpx.Response:
        return await self.client.patch(f"/api/v1{path}", json=body, headers={"If-Match": etag})

    async def step(self, item: dict[str, Any], action: str, body: Any = None) -> httpx.Response:
        """Take a step on an item as it stands now."""
        return await self.act(f"/supervision-items/{item['id']}", action, body)

    async def act(self, path: str, action: str, body: Any = None) -> httpx.Response:
        """A step, or a PATCH, of what is at the path as it stands now."""
        etag = (await self.get(path)).headers["etag"]
        if action == "PATCH":
            return await self.patch(path, body, etag)
        return await self.post(f"{path}/{action}", body, etag)


As = Callable[..., Awaitable[Caller]]


@pytest.fixture(scope="module")
def database(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("supervision")


@pytest.fixture(scope="module")
def app(database: ServiceDatabase, tokens: Tokens) -> FastAPI:
    return build(Settings(database_url=database.app_url, jwks=tokens.jwks))


@pytest.fixture(scope="module")
def as_role(app: FastAPI, api_client: Clients) -> As:
    """`await as_role("unit_reporter", "gangqu-admin")`; `sub=` makes another person of it."""

    async def make(role: str, unit: str | None = None, **claims: Any) -> Caller:
        return Caller(await api_client(app, role, unit, **claims))

    return make


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(as_role: As) -> Caller:
    return await as_role("office", "programme-office")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def unit(as_role: As) -> Caller:
    return await as_role("park_admin", "gangqu-admin")


@pytest.fixture
def bus(
    recording_bus: Callable[[ServiceDatabase], RecordingBus], database: ServiceDatabase
) -> RecordingBus:
    return recording_bus(database)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(database: ServiceDatabase) -> AsyncIterator[Database]:
    async with Database(database.app_url, application_name="tests") as opened:
        yield opened


@pytest.fixture
def jobs(app: FastAPI) -> Callable[[], Awaitable[None]]:
    """Does what imports have asked for."""
    return lambda: do_jobs(app, JOBS)
