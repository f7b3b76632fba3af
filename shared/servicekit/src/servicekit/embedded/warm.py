"""Start many Python programs quickly: one process imports what they share and forks them.

Half of a service's start is importing libraries; on a machine with two cores that is most of the
time until the system is ready. It only speeds up a start: whatever is started again later is
started cold, and where there is no Linux everything is.
"""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servicekit.embedded.child import Command

PR_SET_CHILD_SUBREAPER = 36
PADDING = "x" * 200
_adopting = 0
_adopting_lock = threading.Lock()
TIMEOUT = 60.0
"""Seconds for the imports before the first answer."""


class Adopted:
    """A child that somebody else forked for us; the part of `subprocess.Popen` that is needed."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        with self._lock:
            if self.returncode is None:
                try:
                    ended, status = os.waitpid(self.pid, os.WNOHANG)
                except ChildProcessError:
                    ended, status = self.pid, 0
                if ended:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: `timeout` seconds were not enough.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Warm:
    """Forks programs until `close`. `preload` are modules most of them need; `env` holds what an
    interpreter reads only at its own start, the same for all."""

    def __init__(self, preload: Sequence[str], env: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._path = env.get("PYTHONPATH")
        self._socket: socket.socket | None = None
        if sys.platform != "linux":
            return
        adopt_orphans(True)
        ours, theirs = socket.socketpair()
        ours.settimeout(TIMEOUT)
        command = [sys.executable, "-P", "-m", "servicekit.embedded.warm_process"]
        command += [str(theirs.fileno()), str(os.getpid()), PADDING, *preload]
        with theirs:
            self._process = subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._socket = ours

    def spawn(self, command: "Command") -> Adopted | None:
        """Start a Python program, or none when that must be done cold."""
        suits = list(command.argv[:3]) == [sys.executable, "-P", "-m"] and command.account is None
        # Other modules are found on another path: what was imported here is not what it is to run.
        suits = suits and command.env.get("PYTHONPATH", self._path) == self._path
        with self._lock:
            if self._socket is None or not suits:
                return None
            request = {
                "argv": list(command.argv),
                "env": dict(command.env),
                "log": str(command.log),
                "death_signal": int(command.stop_signal),
            }
            try:
                self._socket.sendall(json.dumps(request).encode() + b"\n")
                return Adopted(int(self._socket.recv(32)))
            except (OSError, ValueError):
                self._shut()
                return None

    def close(self) -> None:
        with self._lock:
            self._shut()

    def _shut(self) -> None:
        if self._socket is None:
            return
        self._socket.close()
        self._socket = None
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        adopt_orphans(False)


def adopt_orphans(wanted: bool) -> None:
    """Become the parent of our children's orphans, or no longer when nobody in this process wants
    that any more; those adopted stay ours."""
    global _adopting
    with _adopting_lock:
        _adopting += 1 if wanted else -1
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(_adopting > 0), 0, 0, 0)


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module: the form that can be started warm."""
    return [sys.executable, "-P", "-m", module, *arguments]
