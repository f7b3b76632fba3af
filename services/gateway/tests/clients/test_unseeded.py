"""A gateway that was only started: the demo clients belong to the local stack alone."""

from typing import Any

import asyncpg
import httpx
import pytest


async def test_it_knows_no_client(gateway: Any) -> None:
    connection = await asyncpg.connect(gateway.database.app_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM api_client") == 0
        assert await connection.fetchval("SELECT count(*) FROM client_secret") == 0
    finally:
        await connection.close()


@pytest.mark.parametrize("client_id", ["demo-office", "demo-ops", "office", "ops"])
async def test_no_demo_client_gets_a_token(gateway: Any, client_id: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_id}
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
        answer = await client.post("/oauth/token", data=form)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
