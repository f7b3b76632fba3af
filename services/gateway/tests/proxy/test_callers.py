"""Whose address counts: the nearest that is not one of our own proxies'."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from gateway.proxy.callers import TrustedProxies

OURS = TrustedProxies.of("10.0.0.0/8, 2001:db8::/32,127.0.0.1", "x-forwarded-for")
STANDARD = TrustedProxies.of("10.0.0.0/8, 2001:db8::/32", "forwarded")
NOBODY = TrustedProxies.of("", "x-forwarded-for")


def caller(proxies: TrustedProxies, peer: str, *lines: str) -> str:
    other = b"forwarded" if proxies.header != b"forwarded" else b"x-forwarded-for"
    headers = [(proxies.header, line.encode("latin-1")) for line in lines]
    return proxies.caller(peer, [(other, b"6.6.6.6"), (other, b"for=6.6.6.6"), *headers])


@pytest.mark.parametrize(
    ("peer", "lines", "expected"),
    [
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.9, 10.0.0.7"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.1", ["[2001:db9::7]:4711"], "2001:db9::7"),
        ("10.0.0.1", ["2001:db9::7"], "2001:db9::7"),
        ("::ffff:10.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("2001:db8::1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
        # spoofed, missing or broken: what cannot be read is nobody's address
        ("203.0.113.1", ["10.20.0.1"], "203.0.113.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["6.6.6.6, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["6.6.6.6, , 10.0.0.3"], "10.0.0.3"),
        ("10.0.0.1", ["6.6.6.6, 10.0.0.3,"], "10.0.0.1"),
        ("10.0.0.1", ["6.6.6.6, 999.0.0.1"], "10.0.0.1"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.9; x"], "10.0.0.1"),
        ("unknown", ["203.0.113.9"], "unknown"),
    ],
)
def test_the_nearest_stranger_is_the_caller(peer: str, lines: list[str], expected: str) -> None:
    assert caller(OURS, peer, *lines) == expected
    assert caller(NOBODY, peer, *lines) == peer


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("for=203.0.113.9", "203.0.113.9"),
        ("for=6.6.6.6, for=203.0.113.9;proto=https;by=10.0.0.1", "203.0.113.9"),
        ('proto=https;For="203.0.113.9:443", for=10.0.0.2', "203.0.113.9"),
        ('for="[2001:db9::7]:4711"', "2001:db9::7"),
        ("for=_hidden", "10.0.0.1"),
        ("for=unknown", "10.0.0.1"),
        ("by=203.0.113.9", "10.0.0.1"),
        ("203.0.113.9", "10.0.0.1"),
    ],
)
def test_the_standard_header_is_read_as_well(line: str, expected: str) -> None:
    assert caller(STANDARD, "10.0.0.1", line) == expected


@pytest.mark.parametrize("networks", ["10.0.0.1/8", "proxy.example", "10.0.0.0/8 10.1.0.0/16"])
def test_what_is_no_network_stops_the_start(networks: str) -> None:
    with pytest.raises(ValueError, match="network"):
        TrustedProxies.of(networks, "x-forwarded-for")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def behind(gateway_with: Any) -> AsyncIterator[Any]:
    """A gateway whose proxy is this machine."""
    settings = {
        "trusted_proxies": "127.0.0.1",
        "forgery_limit": "5/minute",
        "policy_refresh_seconds": 0.1,
    }
    async with gateway_with(settings) as gateway:
        yield gateway


async def test_a_service_is_told_the_caller(behind: Any) -> None:
    async with behind.client() as client:
        told = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "Forwarded": "for=7.7.7.7"}
        assert (await client.get("/api/v1/indicators", headers=told)).status_code == 200
    headers = [pair for pair in behind.upstream.seen[-1]["headers"] if "forwarded" in pair[0]]
    assert ("x-forwarded-for", "203.0.113.9") in headers
    assert not any("6.6.6.6" in value or "7.7.7.7" in value for _, value in headers)


async def test_refused_tokens_count_for_the_caller_and_not_for_the_proxy(behind: Any) -> None:
    async def call(address: str) -> int:
        headers = {"Authorization": "Bearer x.y.z", "X-Forwarded-For": address}
        async with httpx.AsyncClient(base_url=behind.url, trust_env=False) as client:
            return (await client.get("/api/v1/indicators", headers=headers)).status_code

    assert [await call("203.0.113.1") for _ in range(7)] == [401] * 5 + [429] * 2
    assert await call("203.0.113.2") == 401
    assert await call("203.0.113.3, 203.0.113.1") == 429, "made up in front"


async def test_a_client_is_bound_to_the_callers_network(behind: Any) -> None:
    connection = await asyncpg.connect(behind.database.superuser_url)
    await connection.execute(
        "INSERT INTO api_client (client_id, name, roles, scopes, allowed_networks, created_at,"
        " updated_at) VALUES ('bound', 'bound', '{office}', '{}', '{203.0.113.0/24}', now(), now())"
    )
    await connection.close()
    async with (
        behind.client("office", client_id="bound", sub="bound") as client,
        asyncio.timeout(5),
    ):
        far = {"X-Forwarded-For": "203.0.113.9, 8.8.8.8"}
        while (await client.get("/api/v1/indicators", headers=far)).status_code != 403:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        near = {"X-Forwarded-For": "8.8.8.8, 203.0.113.9"}
        assert (await client.get("/api/v1/indicators", headers=near)).status_code == 200


async def test_a_login_is_audited_with_the_callers_address(behind: Any) -> None:
    form = {"grant_type": "client_credentials", "client_id": "ghost", "client_secret": "x"}
    async with httpx.AsyncClient(base_url=behind.url, trust_env=False) as client:
        told = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}
        answer = await client.post("/oauth/token", data=form, headers=told)
    assert answer.status_code == 401
    connection = await asyncpg.connect(behind.database.superuser_url)
    address = await connection.fetchval(
        "SELECT detail->>'address' FROM audit_entry WHERE request_id = $1",
        answer.headers["x-request-id"],
    )
    await connection.close()
    assert address == "198.51.100.7"
