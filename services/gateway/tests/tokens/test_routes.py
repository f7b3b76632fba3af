"""`/oauth/token` as a client meets it, over a real socket and a real database."""

import asyncio
import base64
import time
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from gateway.clients import service as clients
from gateway.clients.domain import new_secret
from gateway.clients.schemas import ClientSeed
from joserfc import jwt
from joserfc.jwk import KeySet

FIRST = new_secret()
SYSTEM = new_secret()


def seed(client_id: str, secret: str, **fields: Any) -> ClientSeed:
    return ClientSeed.model_validate(
        {"client_id": client_id, "client_secret": secret, "roles": ["office"], **fields}
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(gateway: Any) -> Any:
    async with gateway.app.state.database.session() as session:
        office = seed("office", FIRST, unit="programme-office")
        scopes = ["parks.read", "targets.*"]
        await clients.seed(session, [office, seed("feed", SYSTEM, roles=["system"], scopes=scopes)])
    return gateway


async def ask(door: Any, **form: str) -> httpx.Response:
    fields = {"grant_type": "client_credentials", **form}
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        return await client.post("/oauth/token", data=fields)


async def test_a_token_is_what_rfc_9068_says(door: Any) -> None:
    answer = await ask(door, client_id="office", client_secret=FIRST)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 300)
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        keys = (await client.get("/.well-known/jwks.json")).json()
    token = jwt.decode(body["access_token"], KeySet.import_key_set(keys), algorithms=["ES256"])
    assert token.header["typ"] == "at+jwt"
    assert token.header["kid"] == keys["keys"][0]["kid"]
    claims = token.claims
    assert (claims["iss"], claims["aud"]) == ("http://kechuang.local", "kechuang")
    assert (claims["sub"], claims["client_id"], claims["roles"], claims["unit"]) == (
        "office",
        "office",
        ["office"],
        "programme-office",
    )
    assert claims["exp"] - claims["iat"] == 300
    assert abs(claims["iat"] - time.time()) < 5
    assert len(claims["jti"]) == 36
    assert "d" not in keys["keys"][0]


async def test_the_token_opens_the_door(door: Any) -> None:
    token = (await ask(door, client_id="office", client_secret=FIRST)).json()["access_token"]
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        headers = {"Authorization": f"Bearer {token}"}
        assert (await client.get("/api/v1/indicators", headers=headers)).status_code == 200


async def test_a_client_may_use_http_basic(door: Any) -> None:
    pair = base64.b64encode(f"office:{FIRST}".encode()).decode()
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        answer = await client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {pair}"},
        )
    assert answer.status_code == 200


async def test_scopes_are_granted_as_far_as_the_client_has_them(door: Any) -> None:
    every = await ask(door, client_id="feed", client_secret=SYSTEM)
    assert every.json()["scope"] == "parks.read targets.*"
    fewer = await ask(door, client_id="feed", client_secret=SYSTEM, scope="targets.write")
    assert fewer.json()["scope"] == "targets.write"
    more = await ask(door, client_id="feed", client_secret=SYSTEM, scope="parks.read funds.write")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"", 400, "invalid_request"),
        (b"grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        (b"grant_type=client_credentials", 401, "invalid_client"),
        (b"grant_type=client_credentials&client_id=office", 401, "invalid_client"),
        (
            b"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c",
            400,
            "invalid_request",
        ),
        (
            b"grant_type=client_credentials&client_id=%00&client_secret=c",
            401,
            "invalid_client",
        ),
        (
            b"grant_type=client_credentials&client_id=%ff&client_secret=c",
            400,
            "invalid_request",
        ),
        (b"grant_type=client_credentials&x=" + b"a" * 9000, 400, "invalid_request"),
        ("grant_type=港".encode(), 400, "invalid_request"),
        (b"&".join(b"a%d=1" % n for n in range(50)), 400, "invalid_request"),
    ],
)
async def test_a_bad_request_is_answered_in_the_words_of_rfc_6749(
    door: Any, content: bytes, status: int, error: str
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        answer = await client.post("/oauth/token", content=content, headers=form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_json_and_get_are_refused(door: Any) -> None:
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        answer = await client.post("/oauth/token", json={"grant_type": "client_credentials"})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert (await client.get("/oauth/token")).status_code == 405


@pytest.mark.parametrize(
    "authorization", ["Bearer x", "Basic !!!", "Basic b2ZmaWNl", "Basic gICAgDp4"]
)
async def test_a_bad_basic_header_is_refused(door: Any, authorization: str) -> None:
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        answer = await client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": authorization},
        )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_unknown_client_and_wrong_secret_look_alike(door: Any) -> None:
    wrong = await ask(door, client_id="office", client_secret=SYSTEM)
    unknown = await ask(door, client_id="nobody-here", client_secret=SYSTEM)
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())


async def test_a_disabled_client_gets_nothing(door: Any) -> None:
    secret = new_secret()
    async with door.app.state.database.session() as session:
        await clients.seed(session, [seed("retired", secret)])
    assert (await ask(door, client_id="retired", client_secret=secret)).status_code == 200
    await execute(door, "UPDATE api_client SET disabled = true WHERE client_id = 'retired'")
    assert (await ask(door, client_id="retired", client_secret=secret)).status_code == 401


async def test_logins_are_in_the_audit_trail_and_the_use_is_noted(door: Any) -> None:
    good = await ask(door, client_id="feed", client_secret=SYSTEM)
    bad = await ask(door, client_id="feed", client_secret=FIRST)
    rows = {}
    for answer in (good, bad):
        [row] = await execute(
            door,
            "SELECT * FROM audit_entry WHERE request_id = $1",
            answer.headers["x-request-id"],
        )
        rows[answer.status_code] = row
    assert (rows[200]["action"], rows[200]["outcome"]) == ("tokens.issue", "ok")
    assert (rows[401]["action"], rows[401]["outcome"]) == ("tokens.issue", "denied")
    assert rows[401]["client_id"] == "feed"
    assert SYSTEM not in str(rows)
    [client] = await execute(door, "SELECT * FROM api_client WHERE client_id = 'feed'")
    assert client["last_used_at"] is not None


async def test_nobody_can_rewrite_the_audit_trail(door: Any) -> None:
    for statement in ("UPDATE audit_entry SET outcome = 'ok'", "DELETE FROM audit_entry"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(door, statement)


async def test_guessing_is_stopped(door: Any) -> None:
    codes = [
        (await ask(door, client_id="guessed", client_secret=new_secret())).status_code
        for _ in range(12)
    ]
    assert codes[:10] == [401] * 10
    assert codes[10:] == [429, 429]
    stopped = await ask(door, client_id="guessed", client_secret=new_secret())
    assert int(stopped.headers["retry-after"]) >= 1
    fine = await ask(door, client_id="office", client_secret=FIRST)
    assert fine.status_code == 200


async def test_many_at_once_get_different_tokens(door: Any) -> None:
    answers = await asyncio.gather(
        *(ask(door, client_id="office", client_secret=FIRST) for _ in range(20))
    )
    assert len({answer.json()["access_token"] for answer in answers}) == 20


async def test_the_metadata_points_to_this_gateway(door: Any) -> None:
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as client:
        body = (await client.get("/.well-known/oauth-authorization-server")).json()
    assert body["issuer"] == "http://kechuang.local"
    assert body["token_endpoint"] == f"{door.url}/oauth/token"
    assert body["jwks_uri"] == f"{door.url}/.well-known/jwks.json"


async def execute(door: Any, sql: str, *args: Any) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(door.database.app_url)
    try:
        return await connection.fetch(sql, *args)
    finally:
        await connection.close()
