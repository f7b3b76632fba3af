"""Forged tokens at the door: none is accepted, none reaches the service."""

from typing import Any

import asyncpg
import pytest
from servicekit.testing.forgeries import FORGERIES


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_token_is_refused(gateway: Any, name: str) -> None:
    before = len(gateway.upstream.seen)
    token = FORGERIES[name](gateway.tokens)
    async with gateway.client() as client:
        for path in ("/api/v1/indicators", "/api/v1/overview"):
            answer = await client.get(path, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 401, name
            assert answer.json()["code"] == "unauthenticated"
            assert answer.headers["www-authenticate"] == "Bearer"
    assert len(gateway.upstream.seen) == before


@pytest.mark.parametrize("value", ["", "Bearer", "Basic b2ZmaWNlOng=", "Token x", "bearer"])
async def test_another_authorization_is_refused(gateway: Any, value: str) -> None:
    async with gateway.client() as client:
        answer = await client.get("/api/v1/indicators", headers={"Authorization": value})
        assert answer.status_code == 401


async def test_two_authorizations_are_refused(gateway: Any) -> None:
    line = gateway.tokens.bearer("office")["Authorization"]
    answer = await gateway.raw(
        f"GET /api/v1/indicators HTTP/1.1\r\nHost: x\r\nAuthorization: {line}\r\n"
        f"Authorization: {line}\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 401")


async def test_a_token_in_the_address_is_no_token(gateway: Any) -> None:
    token = gateway.tokens.mint("office")
    async with gateway.client() as client:
        del client.headers["Authorization"]
        answer = await client.get(f"/api/v1/indicators?access_token={token}")
    assert answer.status_code == 401


async def test_a_refused_token_is_in_the_audit_trail(gateway: Any) -> None:
    async with gateway.client() as client:
        answer = await client.get(
            "/api/v1/indicators/audited", headers={"Authorization": "Bearer a.b.c"}
        )
    connection = await asyncpg.connect(gateway.database.app_url)
    try:
        row = await connection.fetchrow(
            "SELECT * FROM audit_entry WHERE request_id = $1", answer.headers["x-request-id"]
        )
    finally:
        await connection.close()
    assert row is not None
    assert (row["outcome"], row["actor"]) == ("denied", "anonymous")
    assert row["object_id"] == "GET /api/v1/indicators/audited"
