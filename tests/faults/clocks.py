"""A trial's system whose processes have clocks of their own, each put forward or back while they
run (libfaketime). What counts seconds from then to now, the monotonic clock, is the machine's."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from local_stack.environment import Environments
from local_stack.processes import Process
from servicekit.clock import CHINA, china_date
from servicekit.embedded.child import Command
from servicekit.embedded.postgres import PostgresServer

from tests.faults.system import TrialStack

SEEN = 1.0
"""Seconds until a process looks at its clock's setting again, at most."""
BEFORE_MIDNIGHT = timedelta(minutes=5)


def library() -> Path:
    """Where the wheel put it. The package is not imported: it would fake this process's time."""
    spec = importlib.util.find_spec("libfaketime")
    assert spec is not None
    assert spec.origin is not None, "it is part of the environment"
    return Path(spec.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"


def may_skew() -> bool:
    """Whether the library is made for this machine."""
    words = [sys.executable, "-c", "import time; print(time.time())"]
    env = {**os.environ, "LD_PRELOAD": str(library()), "FAKETIME": "+600"}
    found = subprocess.run(words, check=False, capture_output=True, text=True, env=env)
    return found.returncode == 0 and float(found.stdout) > time.time() + 500


class Clocks:
    """The clocks of processes by name: `put("postgres", 600)` puts one ten minutes ahead of the
    others. For all of them it is five minutes before midnight in China when they are made, so that
    ten minutes are another day."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        now = datetime.now(CHINA)
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), CHINA)
        self._base = midnight - now - BEFORE_MIDNIGHT
        self.library = directory / "libfaketime.so.1"
        directory.mkdir(parents=True)
        directory.chmod(0o755)
        shutil.copy(library(), self.library)

    def today(self) -> date:
        """The day in China by a clock that was not put."""
        return china_date(datetime.now(CHINA) + self._base)

    def put(self, name: str, seconds: float = 0.0) -> None:
        file, draft = self._directory / name, self._directory / f".{name}"
        draft.write_text(f"{self._base.total_seconds() + seconds:+.0f}s\n")
        draft.chmod(0o644)
        draft.replace(file)

    def given_to(self, command: Command) -> Command:
        """The command of a process that has this clock. By `env` and not in the environment: what
        starts it would have the clock too, and be of another account."""
        self.put(command.name)
        setting = {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": self._directory / command.name,
            "FAKETIME_CACHE_DURATION": f"{SEEN:.0f}",
            "DONT_FAKE_MONOTONIC": 1,
            "NO_FAKE_STAT": 1,
        }
        words = [f"{name}={value}" for name, value in setting.items()]
        return replace(command, argv=["/usr/bin/env", *words, *command.argv])

    @staticmethod
    def clear() -> None:
        """Take away what killed processes left: each of them had a place in shared memory."""
        for left in Path("/dev/shm").glob("*faketime_s*m_*"):
            pid = left.name.rpartition("_")[2]
            if not Path(f"/proc/{pid}").exists():
                left.unlink(missing_ok=True)


@dataclass(slots=True)
class SkewedPostgres(PostgresServer):
    """Postgres with a clock of its own."""

    clocks: Clocks | None = None

    def command(self, name: str = "postgres") -> Command:
        assert self.clocks is not None
        self.account.let_through(self.clocks.library.parent)
        return self.clocks.given_to(PostgresServer.command(self, name))


class SkewedStack(TrialStack):
    """Made by `Rig.running(kind=SkewedStack)`. NATS has the machine's clock: it is a program that
    asks the kernel itself."""

    _clocks: Clocks | None = None

    @property
    def clocks(self) -> Clocks:
        if self._clocks is None:
            self._clocks = Clocks(self.data_dir / "clocks")
        return self._clocks

    def _make_environments(self) -> Environments:
        made = super()._make_environments()
        plain = made.postgres
        known = {each.name: getattr(plain, each.name) for each in fields(plain)}
        return replace(made, postgres=SkewedPostgres(**known, clocks=self.clocks))

    def _command(self, process: Process, env: Mapping[str, str]) -> Command:
        return self.clocks.given_to(super()._command(process, env))

    def stop(self) -> None:
        super().stop()
        Clocks.clear()
