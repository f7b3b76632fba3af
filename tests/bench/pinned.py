"""Servers that are kept to one core."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psutil
from servicekit.embedded.http import status

SERVER_CORE, CLIENT_CORE = 0, 1
READY_WITHIN = 120
"""Seconds."""


@contextmanager
def alone_on(core: int) -> Iterator[None]:
    """This process, and what it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def process(
    command: Sequence[str], ready: str, env: Mapping[str, str], *, core: int = SERVER_CORE
) -> Iterator[psutil.Process]:
    """A server with all its threads on `core`, from the first answer at `ready` until stopped."""
    with alone_on(core):
        started = subprocess.Popen(command, env={**os.environ, **env})
    try:
        until = time.monotonic() + READY_WITHIN
        while status(ready) not in (200, 401, 403, 404):
            if started.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command} does not answer at {ready}")
            time.sleep(0.05)
        yield psutil.Process(started.pid)
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(timeout=20)


def core_time(server: psutil.Process) -> float:
    """Seconds of a core this server has used, in all its threads."""
    used = server.cpu_times()
    return used.user + used.system
