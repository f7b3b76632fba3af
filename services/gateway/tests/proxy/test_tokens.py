"""Forged tokens at the door: none is accepted, none reaches the service."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

NOW = int(time.time())


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(**changes: Any) -> dict[str, Any]:
    usual = {
        "iss": "http://kechuang.local",
        "aud": "kechuang",
        "sub": "office",
        "client_id": "office",
        "iat": NOW,
        "exp": NOW + 600,
        "roles": ["office"],
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def signed_with_another_key(alg: str, key: Any, **header: Any) -> str:
    top = {"alg": alg, "typ": "at+jwt", "kid": "test", **header}
    return jwt.encode(top, claims(), key, algorithms=[alg])


def unsigned(alg: str) -> str:
    head = b64(json.dumps({"alg": alg, "typ": "at+jwt", "kid": "test"}).encode())
    return f"{head}.{b64(json.dumps(claims()).encode())}."


def with_public_key_as_secret(tokens: Any) -> str:
    """HS256 with our public key as the secret: the classic confusion of algorithms."""
    head = b64(json.dumps({"alg": "HS256", "typ": "at+jwt", "kid": "test"}).encode())
    signed = f"{head}.{b64(json.dumps(claims()).encode())}"
    public = tokens.key.as_pem(private=False)
    return f"{signed}.{b64(hmac.new(public, signed.encode(), hashlib.sha256).digest())}"


def with_parts(tokens: Any, **parts: str) -> str:
    head, body, signature = tokens.mint("office").split(".")
    found = {"head": head, "body": body, "signature": signature, **parts}
    return ".".join((found["head"], found["body"], found["signature"]))


def promoted(tokens: Any) -> str:
    return with_parts(tokens, body=b64(json.dumps(claims(roles=["ops"])).encode()))


def own_key_in_header() -> str:
    key = ECKey.generate_key("P-256")
    return signed_with_another_key("ES256", key, jwk=key.as_dict(private=False))


FORGERIES: dict[str, Callable[[Any], str]] = {
    "a quote": lambda t: '""',
    "no jwt": lambda t: "abc",
    "two parts": lambda t: ".".join(t.mint("office").split(".")[:2]),
    "four parts": lambda t: t.mint("office") + ".x",
    "alg none": lambda t: unsigned("none"),
    "alg None": lambda t: unsigned("None"),
    "alg empty": lambda t: unsigned(""),
    "hs256 with the public key": with_public_key_as_secret,
    "hs256": lambda t: signed_with_another_key("HS256", OctKey.generate_key(256)),
    "rs256": lambda t: signed_with_another_key("RS256", RSAKey.generate_key(2048)),
    "es384": lambda t: signed_with_another_key("ES384", ECKey.generate_key("P-384")),
    "another key with our kid": lambda t: signed_with_another_key(
        "ES256", ECKey.generate_key("P-256")
    ),
    "its own key in the header": lambda t: own_key_in_header(),
    "jku": lambda t: signed_with_another_key(
        "ES256", ECKey.generate_key("P-256"), jku="http://127.0.0.1:1/jwks.json"
    ),
    "unknown kid": lambda t: t.mint("office", header={"kid": "other"}),
    "kid as a path": lambda t: t.mint("office", header={"kid": "../../etc/passwd"}),
    "no kid": lambda t: with_parts(t, head=b64(b'{"alg":"ES256","typ":"at+jwt"}')),
    "kid a number": lambda t: with_parts(t, head=b64(b'{"alg":"ES256","typ":"at+jwt","kid":1}')),
    "typ jwt": lambda t: t.mint("office", header={"typ": "JWT"}),
    "no typ": lambda t: with_parts(t, head=b64(b'{"alg":"ES256","kid":"test"}')),
    "crit": lambda t: with_parts(
        t, head=b64(b'{"alg":"ES256","typ":"at+jwt","kid":"test","crit":["x"],"x":1}')
    ),
    "another issuer": lambda t: t.mint("office", iss="http://elsewhere"),
    "issuer with a slash": lambda t: t.mint("office", iss="http://kechuang.local/"),
    "no issuer": lambda t: t.mint("office", iss=None),
    "another audience": lambda t: t.mint("office", aud="elsewhere"),
    "no audience": lambda t: t.mint("office", aud=None),
    "audience list without us": lambda t: t.mint("office", aud=["a", "b"]),
    "expired": lambda t: t.mint("office", exp=NOW - 1, iat=NOW - 600),
    "no expiry": lambda t: t.mint("office", exp=None),
    "expiry a text": lambda t: t.mint("office", exp=str(NOW + 600)),
    "expiry not a number": lambda t: t.mint("office", exp=float("nan")),
    "issued in the future": lambda t: t.mint("office", iat=NOW + 3600),
    "no iat": lambda t: t.mint("office", iat=None),
    "not yet valid": lambda t: t.mint("office", nbf=NOW + 3600),
    "no subject": lambda t: t.mint("office", sub=None),
    "subject a list": lambda t: t.mint("office", sub=["office"]),
    "no client": lambda t: t.mint("office", client_id=None),
    "changed claims": promoted,
    "changed signature": lambda t: t.mint("office")[:-6] + "AAAAAA",
    "empty signature": lambda t: with_parts(t, signature=""),
    "zero signature": lambda t: with_parts(t, signature=b64(bytes(64))),
    "a list as claims": lambda t: with_parts(t, body=b64(b"[1]")),
    "a list as header": lambda t: with_parts(t, head=b64(b"[1]")),
    "not base64": lambda t: with_parts(t, body="***"),
    "padding": lambda t: t.mint("office").replace(".", "=.", 1),
    "too long": lambda t: t.mint("office", note="x" * 9000),
    "white space": lambda t: t.mint("office") + " x",
}


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
