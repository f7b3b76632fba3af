"""`python -m tests.faults.closed COMMAND…`: the command in a network of its own that has nothing
but the loopback. At the end it is said how often somebody in there tried to leave it; a command
that did well has failed if anybody tried. `make test` and the journeys are run so.

There is no way out, so the kernel refuses every attempt at once and counts it. Who looks up a
foreign name asks a server that is not there: one elsewhere has no route, one on the loopback no
port that listens.
"""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
REQUEST = "16sh"
"""struct ifreq: a name and flags."""
SAID = "closed network: {} attempts to leave\n"
COUNTED = ("IpOutNoRoutes", "Ip6OutNoRoutes", "UdpNoPorts", "Udp6NoPorts")


def leave_the_network() -> None:
    """From now on this process and its children have a network of their own.

    Raises:
        OSError: this machine does not let us.
    """
    user, group, is_root = os.geteuid(), os.getegid(), os.geteuid() == 0
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET | (0 if is_root else CLONE_NEWUSER)):
        raise OSError(ctypes.get_errno(), "unshare")
    if not is_root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack(REQUEST, b"lo", 0)
        _, flags = struct.unpack(REQUEST, fcntl.ioctl(any_socket, SIOCGIFFLAGS, asked))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack(REQUEST, b"lo", flags | IFF_UP))


def may_leave() -> bool:
    """Whether this machine lets a process have a network of its own."""
    words = [sys.executable, "-m", __spec__.name, "true"]
    said = subprocess.run(words, check=False, capture_output=True, text=True).stdout
    return said == SAID.format(0)


def attempts() -> dict[str, int]:
    """What the kernel has counted in this network since there is one."""
    found: dict[str, int] = {}
    lines = Path("/proc/net/snmp").read_text().splitlines()
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        protocol, *columns = names.replace(":", "").split()
        found |= {
            f"{protocol}{column}": int(value)
            for column, value in zip(columns, values.split()[1:], strict=True)
        }
    for line in Path("/proc/net/snmp6").read_text().splitlines():
        name, value = line.split()
        found[name] = int(value)
    return {name: found.get(name, 0) for name in COUNTED}


def main(command: Sequence[str]) -> int:
    try:
        leave_the_network()
    except OSError as error:
        print(f"not on a closed network, this machine lets no process have one: {error.strerror}")
        return subprocess.run(command, check=False).returncode
    code = subprocess.run(command, check=False).returncode
    tried = sum(attempts().values())
    print(SAID.format(tried), end="")
    return code or min(tried, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
