"""Whose token is accepted, and for how long."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from servicekit.auth.principal import Role
from servicekit.auth.tokens import Issuer, TokenVerifier
from servicekit.problems import Unauthenticated, Unavailable

KEY = ECKey.generate_key("P-256", parameters={"kid": "good", "alg": "ES256", "use": "sig"})
OTHER = ECKey.generate_key("P-256", parameters={"kid": "good", "alg": "ES256"})
JWKS = json.dumps(KeySet([KEY]).as_dict(private=False))
HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "good"}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    fields: dict[str, Any] = {
        "iss": "http://issuer", "aud": "kechuang", "sub": "li", "client_id": "desk",
        "iat": now, "exp": now + 300, "jti": "1", "roles": ["office"], "unit": "programme-office",
    }  # fmt: skip
    fields.update(changes)
    return {name: value for name, value in fields.items() if value is not ...}


def mint(header: dict[str, Any] | None = None, key: Any = KEY, **changes: Any) -> str:
    head = {name: v for name, v in {**HEADER, **(header or {})}.items() if v is not ...}
    return jwt.encode(head, claims(**changes), key, algorithms=[head["alg"]])


def raw(header: dict[str, Any], body: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(body).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.fixture
def verifier() -> TokenVerifier:
    return TokenVerifier(Issuer("http://issuer", "kechuang", jwks=JWKS))


async def test_a_good_token_names_the_caller(verifier: TokenVerifier) -> None:
    principal = await verifier.verify(
        f"Bearer {mint(scope='parks.read x', roles=['office', 'no'])}"
    )
    assert principal.subject == "li"
    assert principal.roles == {Role.OFFICE}
    assert principal.unit == "programme-office"
    assert principal.scopes == {"parks.read", "x"}


def forged() -> dict[str, str]:
    now = int(time.time())
    good = mint()
    head, body, signature = good.split(".")
    secret = OctKey.import_key(JWKS.encode())
    rsa = RSAKey.generate_key(2048, parameters={"kid": "good"})
    other_body = (
        base64.urlsafe_b64encode(json.dumps(claims(sub="root")).encode()).rstrip(b"=").decode()
    )
    return {
        "alg none": raw({**HEADER, "alg": "none"}, claims()),
        "alg None": raw({**HEADER, "alg": "None"}, claims()),
        "alg missing": raw({"typ": "at+jwt", "kid": "good"}, claims()),
        "HS256 with the public key": mint({"alg": "HS256"}, key=secret),
        "RS256": mint({"alg": "RS256"}, key=rsa),
        "another key, same kid": mint(key=OTHER),
        "unknown kid": mint({"kid": "else"}),
        "no kid": mint({"kid": ...}),
        "kid is a number": raw({**HEADER, "kid": 7}, claims()),
        "kid is a path": mint({"kid": "../../dev/null"}),
        "typ JWT": mint({"typ": "JWT"}),
        "typ missing": mint({"typ": ...}),
        "crit": raw({**HEADER, "crit": ["exp"]}, claims()),
        "wrong issuer": mint(iss="http://elsewhere"),
        "issuer missing": mint(iss=...),
        "issuer is a list": mint(iss=["http://issuer"]),
        "wrong audience": mint(aud="other"),
        "audience missing": mint(aud=...),
        "audience list of others": mint(aud=["a", "b"]),
        "expired": mint(exp=now - 1),
        "exp missing": mint(exp=...),
        "exp is text": mint(exp="tomorrow"),
        "iat in the future": mint(iat=now + 3600),
        "iat missing": mint(iat=...),
        "not yet valid": mint(nbf=now + 3600),
        "nbf is text": mint(nbf="x"),
        "sub missing": mint(sub=...),
        "sub is a number": mint(sub=5),
        "client missing": mint(client_id=...),
        "body exchanged": f"{head}.{other_body}.{signature}",
        "signature cut": f"{head}.{body}.{signature[:-4]}",
        "signature empty": f"{head}.{body}.",
        "signature zero": raw(HEADER, claims(), b"\0" * 64),
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.x",
        "five parts": f"{good}.x.y",
        "no dots": "abc",
        "spaces inside": good.replace(".", " . "),
        "not base64": "%%%.%%%.%%%",
        "header is a list": base64.urlsafe_b64encode(b"[]").decode() + f".{body}.{signature}",
        "huge": "a" * 9000,
    }  # fmt: skip


FORGED = forged()


@pytest.mark.parametrize("kind", FORGED)
async def test_a_forged_token_is_refused(verifier: TokenVerifier, kind: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(f"Bearer {FORGED[kind]}")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", mint(), "Token x"])
async def test_what_is_no_bearer_token_is_refused(
    verifier: TokenVerifier, header: str | None
) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(header)


async def test_a_remembered_token_still_expires(verifier: TokenVerifier) -> None:
    token = f"Bearer {mint(exp=int(time.time()) + 1)}"
    await verifier.verify(token)
    time.sleep(1.1)  # noqa: ASYNC251 - the clock itself is what is tried
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


class KeyServer(HTTPServer):
    """An issuer's key set over real HTTP, counting how often it is asked."""

    asked = 0
    keys: Any = KeySet([KEY])


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, KeyServer)
        self.server.asked += 1
        body = json.dumps(self.server.keys.as_dict(private=False)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def issuer() -> Iterator[KeyServer]:
    server = KeyServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def remote(server: KeyServer) -> TokenVerifier:
    url = f"http://127.0.0.1:{server.server_port}/"
    return TokenVerifier(Issuer("http://issuer", "kechuang", jwks_url=url))


async def test_unknown_key_ids_cause_no_storm(issuer: KeyServer) -> None:
    verifier = remote(issuer)
    for number in range(50):
        with pytest.raises(Unauthenticated):
            await verifier.verify(f"Bearer {mint({'kid': str(number)})}")
    assert issuer.asked == 1


async def test_the_last_good_keys_outlive_the_issuer(issuer: KeyServer) -> None:
    verifier = remote(issuer)
    await verifier.verify(f"Bearer {mint()}")
    issuer.keys = KeySet([])
    assert (await verifier.verify(f"Bearer {mint(sub='wang')}")).subject == "wang"


async def test_without_any_key_it_is_unavailable_not_unauthenticated() -> None:
    verifier = TokenVerifier(Issuer("http://issuer", "kechuang", jwks_url="http://127.0.0.1:9/"))
    with pytest.raises(Unavailable):
        await verifier.verify(f"Bearer {mint()}")


async def test_keys_come_from_whichever_gateway_answers(issuer: KeyServer) -> None:
    urls = f"http://127.0.0.1:9/ http://127.0.0.1:{issuer.server_port}/"
    verifier = TokenVerifier(Issuer("http://issuer", "kechuang", jwks_url=urls))
    assert (await verifier.verify(f"Bearer {mint()}")).subject
    assert issuer.asked == 1
