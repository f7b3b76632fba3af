"""On a network that has nothing but the loopback the system does what it does anywhere, and nobody
tries to leave it: no address elsewhere is asked, no foreign name looked up.

A journey in small; `TRIAL_CLOSED=all` takes every test and every journey.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.closed import attempts, may_leave
from tests.faults.system import ROOT
from tests.faults.table import Caught, Tell

WHAT = os.environ.get("TRIAL_CLOSED", "")
SMALL = ("tests/journeys/test_loop.py", "services/gateway/tests/webhooks")
EVERYTHING = ("tests/architecture", "deploy", "services", "shared", "tests/journeys")
REGISTRIES = ("tests/journeys/test_generated_clients.py", "tests/journeys/test_commands.py")
"""Install packages, as a developer does with a network."""
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


def closed(command: Sequence[str], directory: Path) -> tuple[str, int]:
    """What the command said, and how often something in it tried to leave.

    Raises:
        AssertionError: it failed.
    """
    file = directory / "attempts.json"
    words = [sys.executable, "-m", "tests.faults.closed", str(file), *command]
    ended = subprocess.run(words, check=False, capture_output=True, text=True, cwd=ROOT)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout, sum(json.loads(file.read_text()).values())


def test_on_a_closed_network_everything_works_and_nobody_tries_to_leave(
    tmp_path: Path, tell: Tell
) -> None:
    chosen = EVERYTHING if WHAT == "all" else SMALL
    command = [sys.executable, "-m", "pytest", "-q", *chosen]
    command += [f"--ignore={file}" for file in REGISTRIES]
    if WHAT == "all":
        command += ["-n", "2", "--dist", "loadfile"]
    said, tried = closed(command, tmp_path)
    passed = re.search(r"(\d+) passed", said)
    assert passed, said
    assert tried == 0
    tell("closed network", tests=int(passed[1]), what=" ".join(chosen), tried_to_leave=0)


@pytest.mark.parametrize("where", OUTSIDE)
def test_who_tries_to_leave_is_seen(tmp_path: Path, where: str, caught: Caught) -> None:
    _, tried = closed([sys.executable, "-c", LEAVES.format(where=where)], tmp_path)
    assert tried > 0
    caught("call_outside", f"{tried} attempts to reach {where}")


def test_the_loopback_is_no_way_out(tmp_path: Path) -> None:
    _, tried = closed([sys.executable, "-c", LEAVES.format(where="127.0.0.1")], tmp_path)
    assert tried == 0


def test_what_is_counted_is_there() -> None:
    assert set(attempts()) == {"IpOutNoRoutes", "Ip6OutNoRoutes", "UdpNoPorts", "Udp6NoPorts"}
