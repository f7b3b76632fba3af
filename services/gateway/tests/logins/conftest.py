"""Two identity providers, and a gateway that takes people from both."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
import httpx
import pytest
import pytest_asyncio
from servicekit.testing.identity_provider import IdentityProvider
from servicekit.testing.provider_forgeries import ENCRYPTION

UNITS = [("st-bureau", True), ("gangqu-admin", True), ("closed-bureau", False)]


def running(realm: str) -> Iterator[IdentityProvider]:
    provider = IdentityProvider(realm)
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def city() -> Iterator[IdentityProvider]:
    for provider in running("city"):
        provider.keys.append(ENCRYPTION)
        yield provider


@pytest.fixture(scope="module")
def port() -> Iterator[IdentityProvider]:
    yield from running("port")


@pytest.fixture
def alone() -> Iterator[IdentityProvider]:
    """A provider of one test, which may break it."""
    yield from running("alone")


@dataclass
class Entrance:
    """A gateway that people come to."""

    gateway: Any
    http: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def of(cls, gateway: Any) -> AsyncIterator[Self]:
        async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=20) as http:
            yield cls(gateway, http)

    async def call(self, token: str, path: str = "/api/v1/indicators") -> httpx.Response:
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})

    async def rows(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.gateway.database.superuser_url)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()


async def plant_units(gateway: Any) -> None:
    connection = await asyncpg.connect(gateway.database.superuser_url)
    await connection.executemany(
        "INSERT INTO unit_node (code, name, kind, parents, active)"
        " VALUES ($1, $1, 'bureau', '{}', $2)",
        UNITS,
    )
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def entrance(
    gateway_with: Any, city: IdentityProvider, port: IdentityProvider
) -> AsyncIterator[Entrance]:
    settings = {"identity_providers": [city.settings(), port.settings()]}
    async with gateway_with(settings) as gateway, Entrance.of(gateway) as entrance:
        await plant_units(gateway)
        yield entrance


@pytest.fixture
def entrance_with(gateway_with: Any) -> Callable[..., AbstractAsyncContextManager[Entrance]]:
    """`entrance_with(provider, …)`: a gateway of its own that takes people from these."""

    @asynccontextmanager
    async def start(*providers: IdentityProvider) -> AsyncIterator[Entrance]:
        settings = {"identity_providers": [one.settings() for one in providers]}
        async with gateway_with(settings) as gateway, Entrance.of(gateway) as entrance:
            yield entrance

    return start
