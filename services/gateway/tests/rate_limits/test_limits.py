"""Rate limits per caller and for forged tokens."""

from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar

import httpx
import pytest_asyncio
from gateway.main import build
from gateway.rate_limits.service import RateLimiter
from gateway.settings import GatewaySettings
from limits.aio.storage import MemoryStorage
from servicekit.testing.asgi import running
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def narrow(
    service_database: Callable[[str], ServiceDatabase], tokens: Tokens
) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway in this process that allows five requests and three forgeries an hour."""
    import json

    settings = GatewaySettings(
        database_url=service_database("gateway").app_url,
        signing_key=json.dumps(tokens.key.as_dict(private=True)),
        rate_limit="5/hour",
        forgery_limit="3/hour",
    )
    app = build(settings)
    transport = httpx.ASGITransport(app)
    async with running(app), httpx.AsyncClient(transport=transport, base_url="http://g") as client:
        yield client


async def test_the_sixth_request_is_refused_and_told_when_to_come_back(
    narrow: httpx.AsyncClient, tokens: Tokens
) -> None:
    mine = tokens.bearer("office")
    for left in (4, 3, 2, 1, 0):
        answer = await narrow.get("/api/v1/indicators", headers=mine)
        assert answer.status_code == 503
        assert answer.headers["ratelimit"].startswith(f'"default";r={left};t=')
        assert answer.headers["ratelimit-policy"] == '"default";q=5;w=3600'
    refused = await narrow.get("/api/v1/overview", headers=mine)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused.headers.get_list("retry-after") == [
        refused.headers["ratelimit"].rpartition("t=")[2]
    ]


async def test_another_caller_is_not_concerned(narrow: httpx.AsyncClient, tokens: Tokens) -> None:
    other = tokens.bearer("leader")
    assert (await narrow.get("/api/v1/indicators", headers=other)).status_code == 503


async def test_forgers_are_slowed_down_and_honest_callers_at_the_same_address_are_not(
    narrow: httpx.AsyncClient, tokens: Tokens
) -> None:
    forged = {"Authorization": "Bearer a.b.c"}
    codes = [(await narrow.get("/api/v1/parks", headers=forged)).status_code for _ in range(5)]
    assert codes == [401, 401, 401, 429, 429]
    assert (await narrow.get("/api/v1/parks")).status_code == 401
    honest = tokens.bearer("auditor")
    assert (await narrow.get("/api/v1/parks", headers=honest)).status_code == 503


class Gone(MemoryStorage):
    """A shared storage that cannot be reached."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["async+gone"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return ConnectionError

    async def acquire_sliding_window_entry(self, *_: Any, **__: Any) -> bool:
        raise ConnectionError("gone")


async def test_the_door_stays_open_when_the_shared_storage_is_gone() -> None:
    limiter = RateLimiter("1/hour", "async+gone://")
    for _ in range(3):
        assert (await limiter.take("caller")).allowed


async def test_several_gateways_count_in_a_shared_storage() -> None:
    class Shared(MemoryStorage):
        STORAGE_SCHEME: ClassVar[list[str]] = ["async+shared"]

    limiter = RateLimiter("2/hour", "async+shared://")
    assert [(await limiter.take("caller")).remaining for _ in range(2)] == [1, 0]
    refused = await limiter.take("caller")
    assert not refused.allowed
    assert 0 < refused.reset <= 3600
    assert not (await limiter.left("caller")).allowed
