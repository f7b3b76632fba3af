"""Every wrong token we know of that names an identity provider: no door may accept one.

Each entry makes its token from a `Forger`: the provider that is trusted, another one that is
trusted as well, and our own tokens; it is wrong in the one point its name tells.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from servicekit.testing.identity_provider import (
    FRONT_END,
    IdentityProvider,
    for_anything,
    new_key,
)
from servicekit.testing.tokens import Tokens

NOW = int(time.time())
STRANGER = new_key(kid="stranger")
ENCRYPTION = new_key(kid="encryption", use="enc", alg="RSA-OAEP")
"""Published by the provider, for another purpose."""


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Forger:
    provider: IdentityProvider
    other: IdentityProvider
    ours: Tokens

    @property
    def kid(self) -> str:
        return str(self.provider.keys[0].kid)

    def mint(self, **changes: Any) -> str:
        return self.provider.mint(**changes)

    def by_stranger(self, **header: Any) -> str:
        """Good claims, signed by a key nobody has published, under the provider's `kid`."""
        return self.provider.mint(key=STRANGER, header={"kid": self.kid, **header})

    def claims(self, **changes: Any) -> dict[str, Any]:
        return {**self.provider.claims(), **changes}

    def raw(self, header: dict[str, Any], claims: str | None = None) -> str:
        """Any header and claims, with a signature by the right key that does match them."""
        content = json.dumps(self.claims()) if claims is None else claims
        signed = f"{b64(json.dumps(header).encode())}.{b64(content.encode())}"
        algorithm = JWSRegistry.algorithms["RS256"]
        return f"{signed}.{b64(algorithm.sign(signed.encode(), self.provider.keys[0]))}"

    def with_secret(self, secret: bytes, alg: str = "HS256") -> str:
        head = {"alg": alg, "typ": "JWT", "kid": self.kid}
        signed = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(self.claims()).encode())}"
        return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"

    def unsigned(self, alg: str) -> str:
        head = {"alg": alg, "typ": "JWT", "kid": self.kid}
        return f"{b64(json.dumps(head).encode())}.{b64(json.dumps(self.claims()).encode())}."

    def parts(self) -> list[str]:
        return self.mint().split(".")

    def public(self) -> dict[str, Any]:
        return self.provider.keys[0].as_dict(private=False)

    def by_our_key(self) -> str:
        head = {"alg": "ES256", "typ": "at+jwt", "kid": self.ours.key.kid}
        return jwt.encode(head, self.claims(client_id=FRONT_END), self.ours.key)

    def by_ec_key(self) -> str:
        key = ECKey.generate_key("P-256")
        return jwt.encode({"alg": "ES256", "typ": "JWT", "kid": self.kid}, self.claims(), key)

    def encrypted(self) -> str:
        head = {"alg": "RSA-OAEP", "enc": "A128GCM", "kid": self.kid}
        key = for_anything(self.provider.keys[0], private=False)
        return jwe.encrypt_compact(head, json.dumps(self.claims()), key)

    def issuer_twice(self) -> str:
        """The trusted issuer for who reads the first one, another for who reads the last."""
        text = json.dumps(self.claims())
        return self.raw(HEADER | {"kid": self.kid}, text[:-1] + ', "iss": "http://elsewhere"}')

    def deep(self) -> str:
        return f'{{"iss":"{self.provider.issuer}","a":{"[" * 1500}{"]" * 1500}}}'


HEADER = {"alg": "RS256", "typ": "JWT"}


def _changed(**changes: Any) -> Callable[[Forger], str]:
    return lambda forger: forger.mint(**changes)


def _with_header(**header: Any) -> Callable[[Forger], str]:
    return lambda forger: forger.mint(header=header)


def _with_claims(text: Callable[[Forger], str]) -> Callable[[Forger], str]:
    return lambda forger: forger.raw({**HEADER, "kid": forger.kid}, text(forger))


PROVIDER_FORGERIES: dict[str, Callable[[Forger], str]] = {
    # whose key it is
    "another provider's key": lambda f: f.mint(key=f.other.keys[0]),
    "another provider's key under this kid": lambda f: f.mint(
        key=f.other.keys[0], header={"kid": f.kid}
    ),
    "another provider's issuer": lambda f: f.mint(iss=f.other.issuer),
    "another provider's issuer and kid": lambda f: f.mint(
        iss=f.other.issuer, header={"kid": str(f.other.keys[0].kid)}
    ),
    "our issuer by the provider": lambda f: f.mint(
        iss=f.ours.issuer, aud="kechuang", client_id="office", header={"typ": "at+jwt"}
    ),
    "our issuer and kid by the provider": lambda f: f.mint(
        iss=f.ours.issuer, client_id="office", header={"typ": "at+jwt", "kid": f.ours.key.kid}
    ),
    "the provider by our own key": lambda f: f.by_our_key(),
    "the provider by a key of another kind": lambda f: f.by_ec_key(),
    "a stranger's key under this kid": lambda f: f.by_stranger(),
    "a stranger's key under its own kid": lambda f: f.mint(key=STRANGER),
    "its key for encryption": lambda f: f.mint(key=ENCRYPTION),
    # headers that bring a key along
    "jwk": lambda f: f.by_stranger(jwk=STRANGER.as_dict(private=False)),
    "jku": lambda f: f.by_stranger(jku=f"{f.provider.issuer}/jku"),
    "x5u": lambda f: f.by_stranger(x5u=f"{f.provider.issuer}/x5u"),
    "x5c": lambda f: f.by_stranger(x5c=["MIIB"]),
    # algorithms
    "alg none": lambda f: f.unsigned("none"),
    "alg None": lambda f: f.unsigned("None"),
    "alg empty": lambda f: f.unsigned(""),
    "alg none with a good signature": lambda f: f.raw({**HEADER, "alg": "none", "kid": f.kid}),
    "alg in lower case": lambda f: f.raw({**HEADER, "alg": "rs256", "kid": f.kid}),
    "alg a list": lambda f: f.raw({**HEADER, "alg": ["RS256"], "kid": f.kid}),
    "alg missing": lambda f: f.raw({"typ": "JWT", "kid": f.kid}),
    "rs384, which is not allowed": _with_header(alg="RS384"),
    "ps256, which is not allowed": _with_header(alg="PS256"),
    "hs256 with the public pem": lambda f: f.with_secret(
        f.provider.keys[0].as_pem(private=False)
    ),
    "hs256 with the public jwk": lambda f: f.with_secret(json.dumps(f.public()).encode()),
    "hs256 with the modulus": lambda f: f.with_secret(str(f.public()["n"]).encode()),
    "hs256 with nothing": lambda f: f.with_secret(b""),
    "encrypted": lambda f: f.encrypted(),
    # kid and typ
    "no kid": lambda f: f.raw(HEADER),
    "kid null": lambda f: f.raw({**HEADER, "kid": None}),
    "kid a number": lambda f: f.raw({**HEADER, "kid": 7}),
    "kid a path": _with_header(kid="../../../etc/passwd"),
    "kid unknown": _with_header(kid="nobody"),
    "typ of an id token": _with_header(typ="id+jwt"),
    "typ of a logout token": _with_header(typ="logout+jwt"),
    "typ of a proof": _with_header(typ="dpop+jwt"),
    "crit": lambda f: f.raw({**HEADER, "kid": f.kid, "crit": ["x"], "x": 1}),
    "unencoded payload": lambda f: f.raw(
        {**HEADER, "kid": f.kid, "crit": ["b64"], "b64": False}
    ),
    # other tokens of the same provider
    "an id token": _changed(aud=FRONT_END, typ="ID", nonce="n"),
    "an id token for us": _changed(typ="ID"),
    "an id token without its word": _changed(typ=None, nonce="n"),
    "an id token by its hash": _changed(typ=None, at_hash="h"),
    "a refresh token": _changed(typ="Refresh"),
    "a token for a machine": _changed(sub=FRONT_END),
    # claims
    "issuer with a slash": lambda f: f.mint(iss=f.provider.issuer + "/"),
    "issuer in upper case": lambda f: f.mint(iss=f.provider.issuer.upper()),
    "issuer a list": lambda f: f.mint(iss=[f.provider.issuer]),
    "issuer of another realm": lambda f: f.mint(iss=f.provider.issuer + "-2"),
    "issuer twice": lambda f: f.issuer_twice(),
    "no issuer": _changed(iss=None),
    "another audience": _changed(aud="account"),
    "the front end as audience": _changed(aud=FRONT_END),
    "no audience": _changed(aud=None),
    "audience containing our name": _changed(aud="kechuang-test"),
    "audience an object": _changed(aud={"kechuang": True}),
    "another front end": _changed(azp="admin-console"),
    "no front end": _changed(azp=None),
    "front end a list": _changed(azp=[FRONT_END]),
    "front end in another claim": _changed(azp=None, client_id=FRONT_END),
    "expired": _changed(exp=NOW - 120, iat=NOW - 600),
    "no expiry": _changed(exp=None),
    "expiry a text": _changed(exp=str(NOW + 300)),
    "expiry true": _changed(exp=True),
    "expiry infinite": _with_claims(lambda f: json.dumps(f.claims(exp=float("inf")))),
    "issued in the future": _changed(iat=NOW + 3600),
    "no iat": _changed(iat=None),
    "not yet valid": _changed(nbf=NOW + 3600),
    "no subject": _changed(sub=None),
    "subject empty": _changed(sub=""),
    "subject a list": _changed(sub=["li"]),
    "subject with a NUL": _changed(sub="li\x00"),
    "subject with a line break": _changed(sub="li\nops"),
    "subject too long": _changed(sub="l" * 256),
    "two units": _changed(unit=["gangqu-admin", "st-bureau"]),
    "unit an object": _changed(unit={"code": "st-bureau"}),
    "unit a number": _changed(unit=7),
    "unit with a NUL": _changed(unit="st-bureau\x00"),
    "claims a list": _with_claims(lambda _: "[1]"),
    "claims deep": _with_claims(lambda f: f.deep()),
    # signatures
    "changed claims": lambda f: ".".join(
        (f.parts()[0], b64(json.dumps(f.claims(sub="root")).encode()), f.parts()[2])
    ),
    "empty signature": lambda f: ".".join((*f.parts()[:2], "")),
    "signature cut short": lambda f: f.mint()[:-20],
    "signature of another token": lambda f: ".".join(
        (*f.parts()[:2], f.mint(sub="wang").split(".")[2])
    ),
    "four parts": lambda f: f.mint() + ".x",
    "two parts": lambda f: ".".join(f.parts()[:2]),
}  # fmt: skip
