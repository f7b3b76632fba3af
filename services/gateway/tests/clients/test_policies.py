"""The door keeps to what is laid down for each client, within moments of a change."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest
from gateway.clients.domain import BadNetwork, is_inside, read_network
from gateway.clients.policies import LIKE_ANY_OTHER, Policies
from limits import parse
from servicekit.db import Database


async def denials(desk: Any, client: dict[str, Any]) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(desk.gateway.database.superuser_url)
    try:
        rows = await connection.fetch(
            "SELECT action, detail->>'reason' AS reason FROM audit_entry"
            " WHERE outcome = 'denied' AND client_id = $1 ORDER BY id",
            client["client_id"],
        )
    finally:
        await connection.close()
    return [(row["action"], row["reason"]) for row in rows]


async def test_a_disabled_client_gets_no_token_and_its_tokens_end(desk: Any, until: Any) -> None:
    client = await desk.register()
    bearer = await desk.bearer(client)
    assert (await desk.call(bearer)).status_code == 200
    await desk.step(client, "disable")
    refused = await desk.ask(client["client_id"], client["client_secret"])
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    out = await until(lambda: desk.call(bearer), 401)
    assert out.json()["code"] == "unauthenticated"
    assert ("unauthenticated", None) in await denials(desk, client)
    await desk.step(client, "enable")
    await until(lambda: desk.call(bearer), 200)
    assert (await desk.ask(client["client_id"], client["client_secret"])).status_code == 200


@pytest.mark.parametrize("how", ["disabled", "bound to other networks"])
async def test_an_open_stream_ends_when_its_client_is(desk: Any, how: str) -> None:
    client = await desk.register()
    bearer = await desk.bearer(client)
    async with (
        asyncio.timeout(5),
        httpx.AsyncClient(base_url=desk.gateway.url, trust_env=False) as http,
        http.stream("GET", "/api/v1/events/stream", headers=bearer) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        lines = answer.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        if how == "disabled":
            await desk.step(client, "disable")
        else:
            await desk.patch(client, allowed_networks=["10.20.0.0/16"])
        assert ": the client is locked out" in [line async for line in lines]
    assert desk.gateway.app.state.tail.listeners == {}


async def test_a_client_calls_from_its_networks_only(desk: Any, until: Any) -> None:
    client = await desk.register(allowed_networks=["127.0.0.0/8"])
    bearer = await desk.bearer(client)
    assert (await desk.call(bearer)).status_code == 200
    await desk.patch(client, allowed_networks=["10.20.0.0/16", "2001:db8::/32"])
    refused = await until(lambda: desk.call(bearer), 403)
    assert refused.json()["code"] == "network_not_allowed"
    assert "127.0.0.1" in refused.json()["detail"]
    no_token = await desk.ask(client["client_id"], client["client_secret"])
    assert (no_token.status_code, no_token.json()["error"]) == (401, "invalid_client")
    found = await denials(desk, client)
    assert {("network_not_allowed", None), ("tokens.issue", "network")} <= set(found)
    await desk.patch(client, allowed_networks=[])
    await until(lambda: desk.call(bearer), 200)


async def test_a_forwarded_address_counts_for_nothing(desk: Any, until: Any) -> None:
    client = await desk.register(allowed_networks=["127.0.0.1"])
    bearer = await desk.bearer(client)
    await desk.patch(client, allowed_networks=["10.0.0.0/8"])
    await until(lambda: desk.call(bearer), 403)
    assert (await desk.call({**bearer, "X-Forwarded-For": "10.0.0.1"})).status_code == 403


async def test_a_limit_of_its_own_replaces_the_one_of_everybody(desk: Any, until: Any) -> None:
    client, other = await desk.register(), await desk.register()
    bearer = await desk.bearer(client)
    shared = await desk.call(bearer)
    assert shared.headers["ratelimit-policy"] == '"default";q=100000;w=1'
    await desk.patch(client, rate_limit="3/hour")
    refused = await until(lambda: desk.call(bearer), 429)
    assert refused.headers["ratelimit-policy"] == '"default";q=3;w=3600'
    assert refused.headers["retry-after"]
    assert (await desk.call(await desk.bearer(other))).status_code == 200
    await desk.patch(client, rate_limit=None)
    await until(lambda: desk.call(bearer), 200)


async def test_counts_outlive_a_look_at_the_database(desk: Any) -> None:
    client = await desk.register(rate_limit="2/hour")
    policies = Policies("async+memory://", 60)
    async with Database(desk.gateway.database.app_url) as database:
        allowed = []
        for _ in range(3):
            await policies.refresh(database)
            limiter = policies.of(client["client_id"]).limiter
            assert limiter is not None
            allowed.append((await limiter.take(client["client_id"])).allowed)
    assert allowed == [True, True, False]


async def test_the_last_policies_hold_while_the_database_is_away(
    desk: Any, empty_database: Any
) -> None:
    client = await desk.register(allowed_networks=["10.0.0.0/8"])
    policies = Policies("async+memory://", 60)
    assert policies.of(client["client_id"]) is LIKE_ANY_OTHER
    async with Database(desk.gateway.database.app_url) as database:
        await policies.refresh(database)
    assert not policies.of(client["client_id"]).lets_in("127.0.0.1")
    for url in ("postgresql://nobody@127.0.0.1:9/nowhere", empty_database("gateway").app_url):
        async with Database(url) as useless:
            await policies.refresh(useless)
        assert not policies.of(client["client_id"]).lets_in("127.0.0.1")
    assert policies.of("somebody-else") is LIKE_ANY_OTHER


def test_an_address_is_compared_as_what_it_is() -> None:
    networks = [read_network("10.0.0.0/8"), read_network("2001:db8::/32")]
    for inside in ("10.255.0.1", "2001:db8::1", "::ffff:10.0.0.1"):
        assert is_inside(networks, inside)
    for outside in ("11.0.0.1", "2001:db9::1", "::ffff:11.0.0.1", "unknown", ""):
        assert not is_inside(networks, outside)
        assert is_inside([], outside)
    for wrong in ("10.0.0.1/8", "10.0.0", "localhost", ""):
        with pytest.raises(BadNetwork):
            read_network(wrong)


@pytest.mark.parametrize("window", ["second", "minute", "hour", "day"])
def test_every_limit_that_can_be_written_can_be_counted(window: str) -> None:
    assert parse(f"9999999/{window}").amount == 9_999_999
