"""Client secrets: made, kept as a digest, compared in constant time."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicekit.problems import Unprocessable

LIVE_SECRETS = 2
"""A client may have two at once, so that it can change over without a pause."""
SHORTEST_SECRET = 43
"""Characters of base64url that hold 256 bits."""


class WeakSecret(Unprocessable):
    code = "weak_secret"
    zh = "客户端 {client_id} 的密钥不足 256 位"
    en = "The secret of client {client_id} has less than 256 bits"


@dataclass(frozen=True, slots=True)
class Secret:
    """A live secret as it is kept. `slot` is 1 or 2."""

    slot: int
    secret_id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client with its live secrets."""

    client_id: str
    roles: Sequence[str]
    unit: str | None
    scopes: Sequence[str]
    disabled: bool
    secrets: Sequence[Secret]


def new_secret() -> str:
    """`id.secret`: the id may be shown and logged, the secret has 256 random bits."""
    return f"{secrets.token_hex(4)}.{secrets.token_urlsafe(32)}"


def secret_id(secret: str) -> str:
    """The part that may be shown; of a secret without one, the head of its digest."""
    head, dot, _ = secret.partition(".")
    return head[:32] if dot else digest(secret).hex()[:8]


def digest(secret: str) -> bytes:
    """SHA-256. No slow hash is needed: 256 random bits cannot be guessed from it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def check_strength(client_id: str, secret: str) -> None:
    """Refuse a secret too short to hold 256 bits.

    Raises:
        WeakSecret: it is.
    """
    if len(secret.rpartition(".")[2]) < SHORTEST_SECRET:
        raise WeakSecret(client_id=client_id)


_NOBODY = (Secret(0, "", bytes(32)), Secret(0, "", bytes(32)))


def matching(live: Iterable[Secret], presented: str) -> Secret | None:
    """The live secret that was presented. Takes the same time for every answer."""
    found: Secret | None = None
    candidate = digest(presented)
    for one in [*live, *_NOBODY][:LIVE_SECRETS]:
        if hmac.compare_digest(one.digest, candidate):
            found = one
    return found


def slot_for(live: Sequence[Secret]) -> int:
    """Where a new secret goes: the free slot, or the oldest secret's when both are taken."""
    taken = [one.slot for one in live]
    return next((slot for slot in (1, 2) if slot not in taken), taken[0] if taken else 1)
