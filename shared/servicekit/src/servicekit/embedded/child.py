"""One child process: started, watched, stopped; it does not outlive its parent."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from servicekit.embedded.account import Account
from servicekit.embedded.warm import Warm

TETHER = Path(__file__).with_name("tether.py")
LOG_LIMIT = 10 * 1024 * 1024
"""Bytes of a log after which it is put aside; one older file is kept."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. `stop_signal` asks for a clean end, also when the parent dies."""

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout: float = 20.0


class Child:
    """A running `Command`, forked by `warm` where that is possible. Start it from a thread that
    lives as long as it should: on Linux the end of the starting thread counts as the parent's
    death."""

    def __init__(self, command: Command, warm: Warm | None = None) -> None:
        self.command = command
        self.started_at = time.monotonic()
        self._is_asked = False
        command.log.parent.mkdir(parents=True, exist_ok=True)
        self.process = (warm.spawn(command) if warm else None) or start_cold(command)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Once: whoever is asked a second time takes it as a word to hurry."""
        if self.alive and not self._is_asked:
            self._is_asked = True
            self.process.send_signal(self.command.stop_signal)

    def stop(self) -> None:
        """Ask it to end; make it end when it does not listen in time."""
        self.ask_to_stop()
        try:
            self.process.wait(self.command.stop_timeout)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def start_cold(command: Command) -> "subprocess.Popen[bytes]":
    """Start the program itself, tethered to this thread."""
    account = command.account or Account.current()
    words = (command.stop_signal, os.getpid(), account.uid, account.gid)
    tether = [sys.executable, "-I", "-S", str(TETHER), *(str(int(word)) for word in words)]
    descriptor = os.open(command.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as log:
        return subprocess.Popen(
            [*tether, *command.argv],
            env=dict(command.env),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def rotate(log: Path, limit: int = LOG_LIMIT) -> None:
    """Put a long log aside. The child keeps its descriptor, so the file is copied and emptied;
    a line written in between may be lost."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > limit:
            shutil.copy2(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for an error message."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8192))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
