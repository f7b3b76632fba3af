"""An issuer's public keys: fetched with limits, kept while it is away, never fetched in a storm."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self

import httpx
import orjson
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from servicekit.problems import Unavailable

log = structlog.get_logger()

Keys = Mapping[str, Key]
"""Public keys by their `kid`."""

FRESH_FOR = 300
"""Seconds until the keys are fetched again, beside the requests that go on with those there are:
the longest a key that the issuer has withdrawn is still believed while the issuer answers."""
GOOD_FOR = 24 * 3600
"""Seconds the last good keys are believed while the issuer does not answer."""
REFETCH_AFTER = 30
RETRY_AFTER = 1
"""Seconds between two fetches, so that forged `kid`s cause no storm; with no keys yet, fewer."""
PATIENCE = 5
"""Seconds one document may take, from the name's resolving to its last byte."""
LARGEST = 256 * 1024
"""Bytes of one document."""
MOST_KEYS = 100
SHORTEST_RSA = 2048

NOT_FETCHED = (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ValueError, JoseError)


class KeyCache:
    """The keys of one issuer. `find` fetches them; `issuer` names it in the log."""

    def __init__(self, issuer: str, find: Callable[[], Awaitable[Keys]]) -> None:
        self._issuer, self._find = issuer, find
        self._keys: Keys = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, jwks: str) -> Self:
        """Keys that never change, as a JWK set in JSON."""
        cache = cls("", _nowhere)
        cache._keys = read_keys(orjson.loads(jwks))
        cache._fetched_at = cache._tried_at = float("inf")
        return cache

    async def key(self, kid: str) -> Key | None:
        """The key of this name, or none if the issuer has no such key, as far as is known.

        Raises:
            Unavailable: the issuer has not answered for so long that nothing can be told.
        """
        age = time.monotonic() - self._fetched_at
        found = self._keys.get(kid)
        if found is None or age > GOOD_FOR:
            await self._refetch()
            if time.monotonic() - self._fetched_at > GOOD_FOR:
                raise Unavailable
            found = self._keys.get(kid)
        elif age > FRESH_FOR:
            self._begin()
        return found

    async def _refetch(self) -> None:
        if (fetching := self._begin()) is not None:
            # Whoever waits may hang up; the fetch is everybody's.
            await asyncio.shield(fetching)

    def _begin(self) -> "asyncio.Task[None] | None":
        """The fetch that is under way, or a new one unless the last was moments ago."""
        pause = REFETCH_AFTER if self._keys else RETRY_AFTER
        if self._fetching is None and time.monotonic() - self._tried_at > pause:
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            self._keys = await self._find()
            self._fetched_at = time.monotonic()
        except NOT_FETCHED as error:
            log.warning("keys_not_fetched", issuer=self._issuer, error=repr(error))
        finally:
            self._tried_at = time.monotonic()
            self._fetching = None


async def _nowhere() -> Keys:
    raise ValueError("these keys are fixed")


async def fetch_keys(urls: str) -> Keys:
    """The keys of the JWK set at the first of `urls`, separated by spaces, that tells them; raises
    as `fetch_json` and `read_keys` do of the last."""
    *others, last = urls.split(" ")
    for url in others:
        try:
            return read_keys(await fetch_json(url))
        except NOT_FETCHED as error:
            log.info("keys_asked_elsewhere", url=url, error=repr(error))
    return read_keys(await fetch_json(last))


async def fetch_json(url: str) -> Any:
    """A JSON document of an issuer: at this address and no other, in bounded time and size.

    Raises:
        httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError: it cannot be had.
        ValueError: another answer than 200, too large, or no JSON.
    """
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    body = bytearray()
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code != 200:
            raise ValueError(f"{url} answered {answer.status_code}")
        # Undecoded: a small compressed answer could be a very large one.
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > LARGEST:
                raise ValueError(f"{url} is larger than {LARGEST} bytes")
    return orjson.loads(bytes(body))


def read_keys(document: Any) -> Keys:
    """The keys of a JWK set that can verify a signature; the first of a name counts.

    Keys for encryption, secrets, private keys and short RSA keys are left out, and so is what
    cannot be read: an issuer may add kinds of keys that are not known here.

    Raises:
        ValueError: it is no JWK set, or none of its keys can be used.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError("not a JWK set, or one of too many keys")
    keys: dict[str, Key] = {}
    for entry in listed:
        if is_for_signatures(entry) and (key := read_key(entry)) is not None:
            keys.setdefault(entry["kid"], key)
    if not keys:
        raise ValueError("the JWK set has no key that can be used")
    return keys


def is_for_signatures(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("kid"), str)
        and entry.get("kty") in ("EC", "RSA", "OKP")
        and entry.get("use", "sig") == "sig"
        and (entry["kty"] != "RSA" or bits(entry.get("n")) >= SHORTEST_RSA)
    )


def bits(number: Any) -> int:
    """How many a number in base64url has, to the next six."""
    return len(number) * 6 if isinstance(number, str) else 0


def read_key(entry: dict[str, Any]) -> Key | None:
    """The public key of a JWK, or none if it cannot be used."""
    try:
        key = JWKRegistry.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        log.info("key_left_out", kid=entry["kid"], error=repr(error))
        return None
    return None if key.is_private else key
