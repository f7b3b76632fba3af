"""The exchange at the door: a person's token comes in, one of our own goes on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from servicekit import audit, context
from servicekit.auth import directory
from servicekit.auth.key_sets import KeyCache
from servicekit.auth.principal import Principal
from servicekit.auth.tokens import REMEMBERED_FOR, bearer_token, decode, jwt_claims
from servicekit.db import Database, Session
from servicekit.http.errors import to_problem

from gateway.logins.discovery import discover
from gateway.logins.domain import UnitUnknown, check, to_person
from gateway.logins.schemas import Provider
from gateway.tokens.service import Signer

MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person's token was exchanged for, and until when that need not be asked again."""

    line: str = ""
    fresh_until: float = 0.0


class Logins:
    """The providers whose people may come in, each with its own keys."""

    def __init__(self, providers: Sequence[Provider], database: Database, signer: Signer) -> None:
        self._providers = {
            one.issuer: (one, KeyCache(one.issuer, partial(discover, one))) for one in providers
        }
        self._database, self._signer = database, signer
        self._entries: dict[str, Entry] = {}

    async def exchange(self, authorization: str | None, request_id: str) -> str | None:
        """The `Authorization` to go on with: one of our own for a person's, any other as it is, to
        be judged as ours.

        Raises:
            Unauthenticated: it names one of the providers and is not a valid access token of it.
            UnitUnknown: the person's unit is not one of the programme's.
            Unavailable: the provider's keys have never been there, or the database is away.
        """
        token = bearer_token(authorization) if self._providers else None
        if token is None:
            return authorization
        entry = self._entries.get(token)
        if entry is not None and entry.fresh_until > time.time():
            return entry.line
        provider, keys = self._providers.get(issuer_of(token), (None, None))
        if provider is None or keys is None:
            return authorization
        header, claims = await decode(token, keys, provider.algorithms)
        check(header, claims, provider, time.time())
        person = to_person(claims, provider)
        await self._admit(token, provider, person, claims, request_id)
        entry = self._entries[token] = self._sign(person, claims["exp"] + provider.leeway)
        return entry.line

    def _sign(self, person: Principal, until: float) -> Entry:
        ours = self._signer.sign(
            subject=person.subject,
            client_id=person.client_id,
            roles=sorted(person.roles),
            unit=person.unit,
            until=until,
        )
        return Entry(f"Bearer {ours}", min(time.time() + REMEMBERED_FOR, until))

    async def _admit(
        self,
        token: str,
        provider: Provider,
        person: Principal,
        claims: dict[str, Any],
        request_id: str,
    ) -> None:
        """Check the person's unit; a token seen for the first time is a login, and noted."""
        first = token not in self._entries
        if first:
            self._make_room()
            self._entries[token] = Entry()
        admitted = False
        try:
            with context.using(context.Context(person, request_id)):
                async with self._database.session() as session:
                    await self._note(session, provider, person, claims, first=first)
            admitted = True
        except Exception as error:
            raise to_problem(error) from error
        finally:
            if not admitted:
                self._entries.pop(token, None)

    def _make_room(self) -> None:
        if len(self._entries) >= MOST_REMEMBERED:
            self._entries.clear()

    async def _note(
        self,
        session: Session,
        provider: Provider,
        person: Principal,
        claims: dict[str, Any],
        *,
        first: bool,
    ) -> None:
        if not await directory.is_active(session, person.unit):
            raise UnitUnknown(unit=person.unit)
        if first:
            token_id = str(claims.get("jti", ""))[:100]
            audit.record(
                session,
                "logins.enter",
                "person",
                person.subject,
                provider=provider.name,
                token_id=token_id,
            )


def issuer_of(token: str) -> str:
    """Whom the token says it is from, unverified; empty if that cannot be read."""
    try:
        issuer = jwt_claims(token).get("iss")
    except (ValueError, TypeError, RecursionError):
        return ""
    return issuer if isinstance(issuer, str) else ""
