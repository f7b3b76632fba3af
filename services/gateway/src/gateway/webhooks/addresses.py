"""Where a webhook may lead: addresses on the administrator's list, and nothing that only looks so.

Written strictly: a URL is accepted in the one form that every reader understands alike, so that
what is checked here is what is connected to. A name is resolved once for each connection, and the
connection goes to exactly the addresses that were checked (`GuardedResolver`).
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple

from aiohttp.abc import AbstractResolver, ResolveResult
from servicekit.problems import FieldError, Unprocessable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""Name and port → addresses."""

LONGEST = 2048
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.\-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*)?(?:\?[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*)?"
)
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))
"""IPv6 that leads to an IPv4 address hidden in it: NAT64, 6to4, Teredo."""


class TargetRefused(Unprocessable):
    """The address is not one that webhooks may be sent to."""

    code = "webhook_target_refused"
    zh = "回调地址不被允许：{reason_zh}"
    en = "The webhook's address is not allowed: {reason}"


class Target(NamedTuple):
    """A checked URL; `address` when its host is one and not a name."""

    url: str
    host: str
    port: int
    address: Address | None


def _refuse(reason: str, reason_zh: str) -> TargetRefused:
    error = FieldError("/url", TargetRefused.code, reason_zh, reason)
    return TargetRefused(reason=reason, reason_zh=reason_zh, errors=(error,))


class Allowlist:
    """Host names, `*.suffixes` and networks (CIDR), separated by commas; empty allows nothing.

    A name leads to public addresses or to listed networks only, whatever its owner's DNS says.

    Raises:
        ValueError: an entry is none of these.
    """

    def __init__(self, entries: str) -> None:
        self._names: set[str] = set()
        self._suffixes: list[str] = []
        self._networks: list[Network] = []
        for entry in filter(None, (part.strip().lower() for part in entries.split(","))):
            if entry.startswith("*.") and _NAME.fullmatch(entry[2:]):
                self._suffixes.append(entry[1:])
            elif _NAME.fullmatch(entry):
                self._names.add(entry)
            else:
                self._networks.append(ipaddress.ip_network(entry))

    def check(self, url: str) -> Target:
        """The URL, if it may be sent to as far as can be told without resolving its name.

        Raises:
            TargetRefused: it may not.
        """
        target = parse(url)
        if target.address is not None:
            self._check_literal(target.address)
        elif not (self._is_listed(target.host) or self._networks):
            raise _refuse("the host is not on the allowlist", "主机不在允许清单中")
        return target

    def _check_literal(self, address: Address) -> None:
        if not self._in_network(address):
            raise _refuse("the address is not on the allowlist", "地址不在允许清单中")

    def check_resolved(self, host: str, addresses: Iterable[str]) -> None:
        """Whether a name may lead to all of these.

        Raises:
            TargetRefused: one of them is neither in a listed network nor a public address of a
                listed name, or there is none.
        """
        found = [plain(ipaddress.ip_address(one.partition("%")[0])) for one in addresses]
        if not found:
            raise _refuse("the host name does not resolve", "主机名无法解析")
        listed = self._is_listed(host)
        for address in found:
            if not (self._in_network(address) or (listed and is_public(address))):
                raise _refuse(
                    "the host name leads to an address that is not on the allowlist",
                    "主机名解析到允许清单之外的地址",
                )

    def _is_listed(self, host: str) -> bool:
        return host in self._names or any(host.endswith(suffix) for suffix in self._suffixes)

    def _in_network(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def parse(url: str) -> Target:
    """The parts of a URL in the one accepted form.

    Raises:
        TargetRefused: another scheme, credentials, a fragment, a port that is neither 80, 443 nor
            above 1023, an address in a disguise, a trailing dot, anything but ASCII.
    """
    matched = _URL.fullmatch(url) if len(url) <= LONGEST else None
    if matched is None:
        raise _refuse(
            "it is not a plain http or https URL without credentials and fragment",
            "应为不含凭据和片段的 http 或 https 地址",
        )
    port = int(matched["port"] or (443 if matched["scheme"] == "https" else 80))
    if port not in (80, 443) and not 1024 <= port <= 65535:
        raise _refuse("the port must be 80, 443 or above 1023", "端口应为 80、443 或大于 1023")
    host = matched["host"].lower()
    return Target(url, host.strip("[]"), port, _literal(host))


def _literal(host: str) -> Address | None:
    """The address that a host is, or none for a name. `0x7f.1` and `2130706433` are neither."""
    try:
        if host.startswith("["):
            return plain(ipaddress.IPv6Address(host[1:-1]))
        if _NAME.fullmatch(host) and len(host) <= 253:
            return None
        return ipaddress.IPv4Address(host)
    except ValueError:
        raise _refuse("the host is no name and no plain address", "主机名或地址格式有误") from None


def plain(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one, as itself."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_public(address: Address) -> bool:
    hidden = any(address in network for network in _TRANSLATED)
    return address.is_global and not address.is_multicast and not hidden


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """What the machine's resolver says; nothing for a name that does not exist."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedResolver(AbstractResolver):
    """Gives a connection the addresses of a name after every one of them has been checked."""

    def __init__(self, allowlist: Allowlist, lookup: Lookup = system_lookup) -> None:
        self._allowlist, self._lookup = allowlist, lookup

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - any will do
    ) -> list[ResolveResult]:
        """Raises `TargetRefused`; no connection is tried then."""
        addresses = await self._lookup(host, port)
        self._allowlist.check_resolved(host, addresses)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is kept open."""


async def check_target(allowlist: Allowlist, url: str, lookup: Lookup = system_lookup) -> None:
    """The whole check at the moment of writing; at every sending it is made again.

    Raises:
        TargetRefused: see `Allowlist`.
    """
    target = allowlist.check(url)
    if target.address is None:
        allowlist.check_resolved(target.host, await lookup(target.host, target.port))
