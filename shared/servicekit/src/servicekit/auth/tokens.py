"""Access tokens: RFC 9068 JWTs signed with ES256, verified by every service itself."""

import asyncio
import base64
import time
from dataclasses import dataclass
from typing import Any, TypeGuard

import httpx
import orjson
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from servicekit.auth.principal import Principal, Role
from servicekit.problems import Unauthenticated, Unavailable

log = structlog.get_logger()

ALGORITHMS = ["ES256"]
LEEWAY = 30
"""Seconds a clock may be off."""
LAST_DATE = 253_402_300_800
"""Seconds since 1970: the end of the year 9999."""
REMEMBERED_FOR = 60
"""Seconds a verified token is not verified again: the longest a revoked key lives on here."""
REFETCH_AFTER = 30
"""Seconds between two fetches of the key set, so that forged `kid`s cause no storm."""
STALE_AFTER = 24 * 3600
"""Seconds the last good keys are used while the issuer cannot be reached."""


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
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._lock = asyncio.Lock()
        self._remembered: dict[str, tuple[float, Principal]] = {}
        if issuer.jwks:
            self._keys = KeySet.import_key_set(orjson.loads(issuer.jwks))
            self._fetched_at = float("inf")

    async def verify(self, authorization: str | None) -> Principal:
        """The caller named by an `Authorization` header.

        Raises:
            Unauthenticated: no token, or one that is not ours, not valid now or not meant for us.
            Unavailable: the issuer's keys have never been reachable.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > 8192:
            raise Unauthenticated
        remembered = self._remembered.get(token)
        if remembered is not None and remembered[0] > time.time():
            return remembered[1]
        claims = await self._claims(token)
        principal = to_principal(claims)
        self._remember(token, claims, principal)
        return principal

    def _remember(self, token: str, claims: dict[str, Any], principal: Principal) -> None:
        if len(self._remembered) >= 10_000:
            self._remembered.clear()
        until = min(time.time() + REMEMBERED_FOR, float(claims["exp"]))
        self._remembered[token] = (until, principal)

    async def _claims(self, token: str) -> dict[str, Any]:
        keys = await self._current_keys()
        try:
            kid = jwt_header(token).get("kid")
            if not isinstance(kid, str):
                raise Unauthenticated
            if kid not in {key.kid for key in keys.keys}:
                keys = await self._refetch()
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise Unauthenticated from error
        check_claims(decoded.header, decoded.claims, self._issuer)
        return decoded.claims

    async def _current_keys(self) -> KeySet:
        if self._keys is None or time.monotonic() - self._fetched_at > STALE_AFTER:
            return await self._refetch()
        return self._keys

    async def _refetch(self) -> KeySet:
        """Fetch the key set unless that was tried moments ago; the last good one otherwise."""
        async with self._lock:
            due = time.monotonic() - self._tried_at > (REFETCH_AFTER if self._keys else 1)
            if due and self._issuer.jwks_url:
                self._tried_at = time.monotonic()
                try:
                    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
                        answer = await client.get(self._issuer.jwks_url)
                    answer.raise_for_status()
                    self._keys = KeySet.import_key_set(answer.json())
                    self._fetched_at = time.monotonic()
                except (httpx.HTTPError, ValueError, JoseError) as error:
                    log.warning("jwks_not_fetched", url=self._issuer.jwks_url, error=str(error))
        if self._keys is None:
            raise Unavailable
        return self._keys


def jwt_header(token: str) -> dict[str, Any]:
    """The header of a compact JWT, unverified.

    Raises:
        ValueError: it is not a compact JWT.
    """
    head = token.split(".", 1)[0]
    header = orjson.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    if not isinstance(header, dict):
        raise ValueError("not a JWT header")
    return header


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
