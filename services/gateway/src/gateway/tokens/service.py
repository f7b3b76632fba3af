"""Issuing access tokens."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from joserfc import jwt
from servicekit import audit
from servicekit.auth.permissions import Permission
from servicekit.db import Database
from servicekit.ids import new_id

from gateway.clients import service as clients
from gateway.clients.domain import Client, is_inside
from gateway.rate_limits.service import RateLimiter
from gateway.tokens.domain import OAuthError, TokenRequest, invalid_client
from gateway.tokens.keys import ALGORITHM, SigningKeys


@dataclass(frozen=True, slots=True)
class Issued:
    """`expires_in` in seconds; `scope` space-separated, empty if the client has none."""

    access_token: str
    expires_in: int
    scope: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes our access tokens. `lifetime` in seconds."""

    keys: SigningKeys
    issuer: str
    audience: str
    lifetime: int

    def sign(
        self,
        *,
        subject: str,
        client_id: str,
        roles: Sequence[str],
        unit: str | None,
        scope: str = "",
        until: float = math.inf,
    ) -> str:
        """An RFC 9068 access token, good for the lifetime but not beyond `until`."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "client_id": client_id,
            "iat": now,
            "nbf": now,
            "exp": int(min(now + self.lifetime, until)),
            "jti": str(new_id()),
            "roles": list(roles),
        }
        if unit:
            claims["unit"] = unit
        if scope:
            claims["scope"] = scope
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self.keys.kid}
        return jwt.encode(header, claims, self.keys.signing, algorithms=[ALGORITHM])


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Gives tokens to registered clients."""

    database: Database
    signer: Signer
    per_client: RateLimiter
    per_address: RateLimiter

    async def issue(self, request: TokenRequest, address: str) -> Issued:
        """A token for the client, and an audit row of the login whether it succeeds or not.

        Raises:
            OAuthError: wrong client, secret or network, a scope it does not have, too many
                failures.
        """
        await self._check_failures(request.client_id, address)
        async with self.database.session() as session:
            client = await clients.authenticate(session, request.client_id, request.client_secret)
            reason = None if client else "credentials"
            if client and not is_inside(client.networks, address):
                client, reason = None, "network"
            scope = granted(client, request.scopes) if client else None
            audit.record(
                session,
                "tokens.issue",
                "api_client",
                request.client_id,
                outcome="ok" if scope is not None else "denied",
                address=address,
                reason="scope" if client and scope is None else reason,
            )
        if client is None:
            await self.per_client.take(request.client_id, address)
            await self.per_address.take(address)
            raise invalid_client()
        if scope is None:
            raise OAuthError("invalid_scope", "The client may not have one of these scopes")
        return Issued(self.sign(client, scope), self.signer.lifetime, scope)

    async def _check_failures(self, client_id: str, address: str) -> None:
        for left in (
            await self.per_client.left(client_id, address),
            await self.per_address.left(address),
        ):
            if not left.allowed:
                raise OAuthError(
                    "temporarily_unavailable",
                    "Too many failed attempts; try again later",
                    status=429,
                    retry=max(1, left.reset),
                )

    def sign(self, client: Client, scope: str) -> str:
        """A token of the client itself: it is its own subject."""
        return self.signer.sign(
            subject=client.client_id,
            client_id=client.client_id,
            roles=client.roles,
            unit=client.unit,
            scope=scope,
        )


def granted(client: Client, wanted: frozenset[str]) -> str | None:
    """The scope of the token: what was asked for, else all the client has; none if it asks for
    more than it has."""
    if not wanted:
        return " ".join(sorted(client.scopes))
    has = frozenset(client.scopes)
    if all(one in has or Permission(one).in_scope(has) for one in wanted):
        return " ".join(sorted(wanted))
    return None
