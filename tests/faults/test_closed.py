"""On a network that has nothing but the loopback the system does what it does anywhere, and nobody
tries to leave it: no address elsewhere is asked, no foreign name looked up. `make test`, `make
journeys` and `make conventions` are run on such a network; here it is seen that who tries is seen.
"""

import subprocess
import sys

import pytest

from tests.faults.closed import SAID, attempts, may_leave
from tests.faults.system import ROOT
from tests.table import Caught

LEAVES = """
import socket
where = {where!r}
try:
    socket.create_connection((where, 443), timeout=1).close()
except OSError:
    pass
"""
OUTSIDE = ("192.0.2.1", "2001:db8::1", "elsewhere.example")
"""Addresses and a name that are nobody's (RFC 5737, 3849 and 2606)."""

pytestmark = pytest.mark.skipif(
    not may_leave(), reason="this machine lets no process have a network of its own"
)


def closed(program: str) -> subprocess.CompletedProcess[str]:
    """A Python program on a closed network."""
    words = [sys.executable, "-m", "tests.faults.closed", sys.executable, "-c", program]
    return subprocess.run(words, check=False, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("where", OUTSIDE)
def test_who_tries_to_leave_is_seen(where: str, caught: Caught) -> None:
    ended = closed(LEAVES.format(where=where))
    assert ended.returncode == 1
    assert ended.stdout != SAID.format(0)
    caught("call_outside", f"{where}: {ended.stdout}")


def test_the_loopback_is_no_way_out() -> None:
    ended = closed(LEAVES.format(where="127.0.0.1"))
    assert (ended.returncode, ended.stdout) == (0, SAID.format(0))


def test_what_fails_on_a_closed_network_has_failed() -> None:
    assert closed("raise SystemExit(3)").returncode == 3


def test_what_is_counted_is_there() -> None:
    assert set(attempts()) == {"IpOutNoRoutes", "Ip6OutNoRoutes", "UdpNoPorts", "Udp6NoPorts"}
