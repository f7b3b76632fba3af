"""Free TCP ports on the loopback address."""

import contextlib
import random
import socket

LOOPBACK = "127.0.0.1"
RANGE = range(20_000, 32_000)
"""Below the ports Linux gives to outgoing connections, which could take a port we just found."""


class PortInUse(Exception):
    """Somebody else listens there."""


def free_ports(count: int) -> list[int]:
    """`count` different ports nobody listens on at this moment.

    Raises:
        PortInUse: nearly the whole range is taken.
    """
    found: list[int] = []
    with contextlib.ExitStack() as held:
        for port in random.sample(RANGE, len(RANGE)):
            if len(found) == count:
                return found
            probe = held.enter_context(socket.socket())
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            found.append(port)
    raise PortInUse(f"no {count} free ports between {RANGE.start} and {RANGE.stop}")


def check_free(host: str, port: int) -> None:
    """Make sure that a server could listen on `host:port`.

    Raises:
        PortInUse: it could not.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(f"{host}:{port} is in use ({error.strerror})") from error
