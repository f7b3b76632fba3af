"""Access tokens: RFC 9068 JWTs signed with ES256, verified by every service itself."""

import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeGuard

import orjson
from joserfc import jwt
from joserfc.errors import JoseError

from servicekit.auth.key_sets import KeyCache, fetch_keys
from servicekit.auth.principal import Principal, Role
from servicekit.problems import Unauthenticated

ALGORITHMS = ("ES256",)
LONGEST_TOKEN = 8192
"""Characters."""
LEEWAY = 30
"""Seconds a clock may be off."""
LAST_DATE = 253_402_300_800
"""Seconds since 1970: the end of the year 9999."""
REMEMBERED_FOR = 60
"""Seconds a verified token is not verified again: the longest a revoked key lives on here."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens are accepted."""

    issuer: str
    audience: str
    jwks_url: str = ""
    jwks: str = ""


class TokenVerifier:
    """Turns a bearer token into a `Principal` or refuses it."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._keys = (
            KeyCache.of(issuer.jwks)
            if issuer.jwks
            else KeyCache(issuer.issuer, partial(fetch_keys, issuer.jwks_url))
        )
        self._remembered: dict[str, tuple[float, Principal]] = {}

    async def verify(self, authorization: str | None) -> Principal:
        """The caller named by an `Authorization` header.

        Raises:
            Unauthenticated: no token, or one that is not ours, not valid now or not meant for us.
            Unavailable: the issuer's keys have never been reachable.
        """
        token = bearer_token(authorization)
        if token is None:
            raise Unauthenticated
        remembered = self._remembered.get(token)
        if remembered is not None and remembered[0] > time.time():
            return remembered[1]
        header, claims = await decode(token, self._keys, ALGORITHMS)
        check_claims(header, claims, self._issuer)
        principal = to_principal(claims)
        self._remember(token, claims, principal)
        return principal

    def _remember(self, token: str, claims: dict[str, Any], principal: Principal) -> None:
        if len(self._remembered) >= 10_000:
            self._remembered.clear()
        until = min(time.time() + REMEMBERED_FOR, float(claims["exp"]))
        self._remembered[token] = (until, principal)


def bearer_token(authorization: str | None) -> str | None:
    """The token of an `Authorization` header, or none if it has none."""
    scheme, _, token = (authorization or "").partition(" ")
    fine = scheme.lower() == "bearer" and 0 < len(token) <= LONGEST_TOKEN
    return token if fine else None


async def decode(
    token: str, keys: KeyCache, algorithms: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a JWT that one of these keys has signed. The key is chosen by `kid` and
    by nothing else that the token brings along.

    Raises:
        Unauthenticated: it is no JWT, or not signed by one of them in one of these ways.
        Unavailable: see `KeyCache.key`.
    """
    try:
        kid = jwt_header(token).get("kid")
        key = await keys.key(kid) if isinstance(kid, str) else None
        if key is None:
            raise Unauthenticated
        decoded = jwt.decode(token, key, algorithms=list(algorithms))
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unauthenticated from error
    return decoded.header, decoded.claims


def jwt_header(token: str) -> dict[str, Any]:
    """The header of a compact JWT, unverified.

    Raises:
        ValueError: it is not a compact JWT.
    """
    return _part(token, 0)


def jwt_claims(token: str) -> dict[str, Any]:
    """Its claims, unverified: good to choose a key by, and for nothing else.

    Raises:
        ValueError: it is not a compact JWT.
    """
    return _part(token, 1)


def _part(token: str, index: int) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("not a compact JWT")
    part = parts[index]
    found = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def check_claims(header: dict[str, Any], claims: dict[str, Any], issuer: Issuer) -> None:
    """RFC 9068 section 4: type, issuer, audience and time.

    Raises:
        Unauthenticated: any of them is missing or wrong.
    """
    now = time.time()
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expires, issued, not_before = (claims.get(name) for name in ("exp", "iat", "nbf"))
    fine = (
        header.get("typ") == "at+jwt"
        and "crit" not in header
        and claims.get("iss") == issuer.issuer
        and issuer.audience in audiences
        and is_date(expires)
        and expires > now
        and is_date(issued)
        and issued <= now + LEEWAY
        and (not_before is None or (is_date(not_before) and not_before <= now + LEEWAY))
        and is_name(claims.get("sub"))
        and is_name(claims.get("client_id"))
    )
    if not fine:
        raise Unauthenticated


def is_date(claim: object) -> TypeGuard[int | float]:
    """A NumericDate (RFC 7519 section 2) up to the year 9999. Python would also read `true` as 1,
    `Infinity` as a date that never passes, and an integer too great for a float."""
    return isinstance(claim, int | float) and not isinstance(claim, bool) and 0 < claim < LAST_DATE


def is_name(claim: object) -> bool:
    return isinstance(claim, str) and bool(claim.strip())


def to_principal(claims: dict[str, Any]) -> Principal:
    known = {role.value for role in Role}
    roles = claims.get("roles")
    unit = claims.get("unit")
    scope = claims.get("scope")
    return Principal(
        subject=claims["sub"],
        client_id=claims["client_id"],
        roles=frozenset(Role(r) for r in roles if r in known)
        if isinstance(roles, list)
        else frozenset(),
        unit=unit if isinstance(unit, str) and unit else None,
        scopes=frozenset(scope.split()) if isinstance(scope, str) else frozenset(),
    )
