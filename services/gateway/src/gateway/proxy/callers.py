"""Whom a request comes from, where proxies stand before the gateway."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self

from gateway.clients.domain import Network, read_network
from gateway.proxy.domain import Headers

Address = IPv4Address | IPv6Address

_FOR = re.compile(r'for=("[^"]*"|[^;,"\s]*)', re.IGNORECASE)
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The networks whose word is taken, and the one `header` they write."""

    networks: Sequence[Network]
    header: bytes

    @classmethod
    def of(cls, networks: str, header: str) -> Self:
        """Raises `ValueError` for what is no network."""
        given = (one.strip() for one in networks.split(","))
        return cls(tuple(read_network(one) for one in given if one), header.encode())

    def caller(self, peer: str, headers: Headers) -> str:
        """The address nearest to us that is not one of the proxies': each of them has added, at
        the end, whom it heard from. What stands before that is only what the caller said.

        A hop that cannot be read ends the search: the proxy that let it pass is the caller.
        """
        if not self.networks:
            return peer
        nearest = read_address(peer)
        if nearest is None or not self.trusts(nearest):
            return peer
        for hop in reversed(self.hops(headers)):
            address = read_address(hop)
            if address is None:
                break
            nearest = address
            if not self.trusts(nearest):
                break
        return str(nearest)

    def trusts(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def hops(self, headers: Headers) -> list[str]:
        """Every hop the header tells of, the nearest last."""
        lines = [value.decode("latin-1") for name, value in headers if name == self.header]
        elements = [one.strip() for one in ",".join(lines).split(",")] if lines else []
        if self.header == b"x-forwarded-for":
            return elements
        found = (_FOR.search(element) for element in elements)
        return [match.group(1).strip('"') if match else "" for match in found]


@lru_cache(maxsize=4096)
def read_address(text: str) -> Address | None:
    """An address, perhaps with a port; one of IPv4 written as IPv6 counts as what it is."""
    with_port = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((with_port.group(1) or with_port.group(2)) if with_port else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
