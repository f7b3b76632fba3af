"""A gateway that looks at its clients every tenth of a second, and an operator at it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

PATH = "/api/v1/clients"


@dataclass
class Desk:
    """What an operator does with clients, and what a client does with its secret."""

    gateway: Any
    ops: httpx.AsyncClient

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        keyed = {"Idempotency-Key": str(uuid4()), **headers}
        return await self.ops.post(f"{PATH}{path}", json=body, headers=keyed)

    async def register(self, **fields: Any) -> dict[str, Any]:
        body = {"client_id": f"feed-{uuid4().hex[:8]}", "name": "feed", "roles": ["office"]}
        answer = await self.post("", {**body, **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def step(self, client: dict[str, Any], action: str) -> httpx.Response:
        """`disable` or `enable`, based on the version that is there."""
        path = f"/{client['client_id']}"
        etag = (await self.ops.get(PATH + path)).headers["etag"]
        return await self.post(f"{path}/{action}", **{"If-Match": etag})

    async def patch(self, client: dict[str, Any], **changes: Any) -> httpx.Response:
        return await self.ops.patch(f"{PATH}/{client['client_id']}", json=changes)

    async def ask(self, client_id: str, secret: str) -> httpx.Response:
        """The token endpoint's answer."""
        form = {"grant_type": "client_credentials", "client_id": client_id}
        async with httpx.AsyncClient(base_url=self.gateway.url, trust_env=False) as http:
            return await http.post("/oauth/token", data={**form, "client_secret": secret})

    async def bearer(self, client: dict[str, Any]) -> dict[str, str]:
        answer = await self.ask(client["client_id"], client["client_secret"])
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def call(self, bearer: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.gateway.url, trust_env=False) as http:
            return await http.get("/api/v1/indicators", headers=bearer)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(gateway_with: Any) -> AsyncIterator[Desk]:
    quick = {"policy_refresh_seconds": 0.1}
    async with gateway_with(quick) as gateway, gateway.client("ops") as ops:
        yield Desk(gateway, ops)


Until = Callable[[Callable[[], Awaitable[httpx.Response]], int], Awaitable[httpx.Response]]


@pytest.fixture(scope="session")
def until() -> Until:
    """`await until(call, status)`: the first answer with this status, within five seconds."""

    async def wait(call: Callable[[], Awaitable[httpx.Response]], status: int) -> httpx.Response:
        async with asyncio.timeout(5):
            while (answer := await call()).status_code != status:  # noqa: ASYNC110 - the door decides
                await asyncio.sleep(0.05)
        return answer

    return wait
