"""Every forged or invalid token we know of, by name: no door may accept one of them.

Each entry makes its token from the run's `Tokens`, whose key the tested service trusts, so that
a token is wrong in the one point its name tells. Sources: RFC 8725 (best current practices),
RFC 9068 section 4, and the published attacks on JWT libraries.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from servicekit.testing.tokens import Tokens

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


def with_public_key_as_secret(tokens: Tokens) -> str:
    """HS256 with our public key as the secret: the classic confusion of algorithms."""
    head = b64(json.dumps({"alg": "HS256", "typ": "at+jwt", "kid": "test"}).encode())
    signed = f"{head}.{b64(json.dumps(claims()).encode())}"
    public = tokens.key.as_pem(private=False)
    return f"{signed}.{b64(hmac.new(public, signed.encode(), hashlib.sha256).digest())}"


def with_parts(tokens: Tokens, **parts: str) -> str:
    head, body, signature = tokens.mint("office").split(".")
    found = {"head": head, "body": body, "signature": signature, **parts}
    return ".".join((found["head"], found["body"], found["signature"]))


def promoted(tokens: Tokens) -> str:
    return with_parts(tokens, body=b64(json.dumps(claims(roles=["ops"])).encode()))


def own_key_in_header() -> str:
    key = ECKey.generate_key("P-256")
    return signed_with_another_key("ES256", key, jwk=key.as_dict(private=False))


def resigned(tokens: Tokens, header: str, body: str | None = None) -> str:
    """Any text as header and claims, with a signature by the right key that does match them."""
    content = json.dumps(claims()) if body is None else body
    signed = f"{b64(header.encode())}.{b64(content.encode())}"
    algorithm = JWSRegistry.algorithms["ES256"]
    return f"{signed}.{b64(algorithm.sign(signed.encode(), tokens.key))}"


def with_secret(secret: bytes, alg: str = "HS256") -> str:
    """A MAC over good claims, with something public as its secret."""
    head = b64(json.dumps({"alg": alg, "typ": "at+jwt", "kid": "test"}).encode())
    signed = f"{head}.{b64(json.dumps(claims()).encode())}"
    hashing = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[alg]
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashing).digest())}"


def public_jwk(tokens: Tokens) -> dict[str, Any]:
    return tokens.key.as_dict(private=False)


def x_coordinate(tokens: Tokens) -> bytes:
    x = str(public_jwk(tokens)["x"])
    return base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))


def as_der(signature: str) -> str:
    """The same ECDSA signature in ASN.1 (RFC 7518 section 3.4 wants r and s side by side)."""
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    r, s = (int.from_bytes(half) for half in (raw[:32], raw[32:]))
    return b64(encode_dss_signature(r, s))


def with_der_signature(tokens: Tokens) -> str:
    return with_parts(tokens, signature=as_der(tokens.mint("office").split(".")[2]))


def as_json(tokens: Tokens) -> str:
    head, body, signature = tokens.mint("office").split(".")
    return json.dumps({"protected": head, "payload": body, "signature": signature})


def nested(tokens: Tokens) -> str:
    """A good token as the claims of another one."""
    head = json.dumps({"alg": "ES256", "typ": "at+jwt", "kid": "test", "cty": "JWT"})
    return resigned(tokens, head, tokens.mint("office"))


def self_signed(name: str, value: Any) -> str:
    return signed_with_another_key("ES256", ECKey.generate_key("P-256"), **{name: value})


def from_another_issuer(iss: str) -> str:
    """Signed by a stranger who also calls its key `test`."""
    top = {"alg": "ES256", "typ": "at+jwt", "kid": "test"}
    return jwt.encode(top, claims(iss=iss), ECKey.generate_key("P-256"), algorithms=["ES256"])


HEADER = '{"alg":"ES256","typ":"at+jwt","kid":"test"}'
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256."""


FORGERIES: dict[str, Callable[[Tokens], str]] = {
    "a quote": lambda _: '""',
    "no jwt": lambda _: "abc",
    "two parts": lambda t: ".".join(t.mint("office").split(".")[:2]),
    "four parts": lambda t: t.mint("office") + ".x",
    "alg none": lambda _: unsigned("none"),
    "alg None": lambda _: unsigned("None"),
    "alg empty": lambda _: unsigned(""),
    "hs256 with the public key": with_public_key_as_secret,
    "hs256": lambda _: signed_with_another_key("HS256", OctKey.generate_key(256)),
    "rs256": lambda _: signed_with_another_key("RS256", RSAKey.generate_key(2048)),
    "es384": lambda _: signed_with_another_key("ES384", ECKey.generate_key("P-384")),
    "another key with our kid": lambda _: signed_with_another_key(
        "ES256", ECKey.generate_key("P-256")
    ),
    "its own key in the header": lambda _: own_key_in_header(),
    "jku": lambda _: signed_with_another_key(
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
    "alg NONE": lambda _: unsigned("NONE"),
    "alg nOnE": lambda _: unsigned("nOnE"),
    "alg none with a space": lambda _: unsigned("none "),
    "alg none with a good signature": lambda t: resigned(t, HEADER.replace("ES256", "none")),
    "alg missing": lambda t: resigned(t, '{"typ":"at+jwt","kid":"test"}'),
    "alg null": lambda t: resigned(t, '{"alg":null,"typ":"at+jwt","kid":"test"}'),
    "alg a list": lambda t: resigned(t, '{"alg":["ES256"],"typ":"at+jwt","kid":"test"}'),
    "alg in lower case": lambda t: resigned(t, HEADER.replace("ES256", "es256")),
    "hs256 with the public jwk": lambda t: with_secret(json.dumps(public_jwk(t)).encode()),
    "hs256 with the key set": lambda t: with_secret(t.jwks.encode()),
    "hs256 with the x coordinate": lambda t: with_secret(x_coordinate(t)),
    "hs256 with the x coordinate as text": lambda t: with_secret(str(public_jwk(t)["x"]).encode()),
    "hs256 with an empty secret": lambda _: with_secret(b""),
    "hs512 with the public key": lambda t: with_secret(t.key.as_pem(private=False), "HS512"),
    "x5u": lambda _: self_signed("x5u", "http://127.0.0.1:1/key.pem"),
    "x5c": lambda _: self_signed("x5c", ["MIIB"]),
    "kid as sql": lambda t: t.mint("office", header={"kid": "test' OR '1'='1"}),
    "kid empty": lambda t: t.mint("office", header={"kid": ""}),
    "kid null": lambda t: resigned(t, '{"alg":"ES256","typ":"at+jwt","kid":null}'),
    "typ of an id token": lambda t: t.mint("office", header={"typ": "id+jwt"}),
    "typ a list": lambda t: resigned(t, '{"alg":"ES256","typ":["at+jwt"],"kid":"test"}'),
    "crit with a good signature": lambda t: resigned(t, HEADER[:-1] + ',"crit":["x"],"x":1}'),
    "crit empty": lambda t: resigned(t, HEADER[:-1] + ',"crit":[]}'),
    "unencoded payload": lambda t: resigned(t, HEADER[:-1] + ',"b64":false,"crit":["b64"]}'),
    "our issuer by a stranger": lambda _: from_another_issuer("http://kechuang.local"),
    "a stranger as itself": lambda _: from_another_issuer("http://elsewhere"),
    "issuer a list": lambda t: t.mint("office", iss=["http://kechuang.local"]),
    "issuer in upper case": lambda t: t.mint("office", iss="HTTP://KECHUANG.LOCAL"),
    "audience an object": lambda t: resigned(t, HEADER, json.dumps(claims(aud={"kechuang": 1}))),
    "audience containing our name": lambda t: t.mint("office", aud="kechuang-elsewhere"),
    "expiry true": lambda t: resigned(t, HEADER, json.dumps(claims(exp=True))),
    "expiry a list": lambda t: resigned(t, HEADER, json.dumps(claims(exp=[NOW + 600]))),
    "expiry negative": lambda t: t.mint("office", exp=-1),
    "expiry infinite": lambda t: resigned(t, HEADER, json.dumps(claims(exp=float("inf")))),
    "expiry too great for a float": lambda t: resigned(
        t, HEADER, json.dumps(claims(exp=7)).replace('"exp": 7', '"exp": 1' + "0" * 400)
    ),
    "expiry in other digits": lambda t: t.mint("office", exp="٣٠٠٠٠٠٠٠٠٠"),
    "iat a text": lambda t: resigned(t, HEADER, json.dumps(claims(iat=str(NOW)))),
    "iat true": lambda t: resigned(t, HEADER, json.dumps(claims(iat=True))),
    "nbf a text": lambda t: resigned(t, HEADER, json.dumps(claims(nbf=str(NOW)))),
    "nbf true": lambda t: resigned(t, HEADER, json.dumps(claims(nbf=True))),
    "subject empty": lambda t: t.mint("office", sub=""),
    "client empty": lambda t: t.mint("office", client_id=""),
    "client a number": lambda t: resigned(t, HEADER, json.dumps(claims(client_id=7))),
    "claims null": lambda t: resigned(t, HEADER, "null"),
    "claims a text": lambda t: resigned(t, HEADER, '"office"'),
    "claims empty": lambda t: resigned(t, HEADER, "{}"),
    "claims deep": lambda t: resigned(t, HEADER, '{"a":' + "[" * 2000 + "]" * 2000 + "}"),
    "header deep": lambda t: resigned(t, '{"alg":' + "[" * 2000 + "]" * 2000 + "}"),
    "nested jwt": nested,
    "json serialization": as_json,
    "der signature": with_der_signature,
    "signature of the group order": lambda t: with_parts(t, signature=b64(ORDER.to_bytes(32) * 2)),
    "signature of another token": lambda t: with_parts(t, signature=t.mint("leader").split(".")[2]),
    "signature cut short": lambda t: t.mint("office")[:-20],
    "five parts": lambda t: t.mint("office") + ".x.y",
    "a dot before": lambda t: "." + t.mint("office"),
    "tab before": lambda t: "\t" + t.mint("office") + "\tx",
    "two spaces": lambda t: f" {t.mint('office')}",
    "scheme twice": lambda t: f"Bearer {t.mint('office')}",
    "two tokens by comma": lambda t: f"{t.mint('office')},{t.mint('office')}",
}
