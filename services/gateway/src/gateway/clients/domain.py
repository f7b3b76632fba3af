"""Client secrets: made, kept as a digest, compared in constant time. Where a client may call
from."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from servicekit.auth.principal import Principal, Role
from servicekit.problems import Conflict, InvalidTransition, Problem, Unprocessable

Network = IPv4Network | IPv6Network

LIVE_SECRETS = 2
"""A client may have two at once, so that it can change over without a pause."""
SHORTEST_SECRET = 43
"""Characters of base64url that hold 256 bits."""


class WeakSecret(Unprocessable):
    code = "weak_secret"
    zh = "客户端 {client_id} 的密钥不足 256 位"
    en = "The secret of client {client_id} has less than 256 bits"


class TwoSecretsLive(Conflict):
    code = "two_secrets_live"
    zh = "该客户端已有两个有效密钥，请先删除一个"
    en = "This client has two live secrets; remove one first"


class NetworkNotAllowed(Problem):
    status = 403
    code = "network_not_allowed"
    zh = "该客户端不得从地址 {address} 访问"
    en = "This client may not call from the address {address}"


class BadNetwork(ValueError):
    zh = "应为网段，例如 10.20.0.0/16 或 2001:db8::/32"

    def __init__(self) -> None:
        super().__init__("Input should be a network such as 10.20.0.0/16 or 2001:db8::/32")


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
    networks: Sequence[Network]
    secrets: Sequence[Secret]


_ROLES = {role.value: role for role in Role}


def acting(
    client_id: str, roles: Iterable[str], unit: str | None, scopes: Iterable[str]
) -> Principal:
    """A registered client as it would call now."""
    return Principal(
        subject=client_id,
        client_id=client_id,
        roles=frozenset(_ROLES[role] for role in roles if role in _ROLES),
        unit=unit,
        scopes=frozenset(scopes),
    )


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


def read_network(text: str) -> Network:
    """A network in CIDR notation; an address alone is a network of one.

    Raises:
        BadNetwork: it is none, or has bits set outside its mask.
    """
    try:
        return ip_network(text)
    except ValueError:
        raise BadNetwork from None


def is_inside(networks: Sequence[Network], address: str) -> bool:
    """Whether an address lies in one of these; no networks are no restriction. An IPv4 address
    that an IPv6 socket reports (RFC 4291 section 2.5.5.2) counts as what it is."""
    if not networks:
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    if isinstance(caller, IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in network for network in networks)


def step(*, disabled: bool, action: str) -> bool:
    """Whether the client is disabled after `disable` or `enable`.

    Raises:
        InvalidTransition: it is so already.
    """
    after = action == "disable"
    if disabled is after:
        raise InvalidTransition(state="disabled" if disabled else "enabled", action=action)
    return after
