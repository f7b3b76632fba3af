"""Programs that run once and end: migrations, streams, clients, the plan."""

import importlib.util
import subprocess
from pathlib import Path

from servicekit.embedded.child import Child, Command, tail
from servicekit.embedded.warm import Warm

from local_stack.errors import StackFailed

TIMEOUT = 300
"""Seconds after which a step counts as stuck."""


def run_step(command: Command, warm: Warm | None) -> str:
    """Run a program to its end and return what it said, which is added to its log as well.

    Raises:
        StackFailed: it failed or got stuck; the text holds its last words.
    """
    begin = command.log.stat().st_size if command.log.exists() else 0
    child = Child(command, warm)
    try:
        code = child.process.wait(TIMEOUT)
    except BaseException as error:
        child.kill()
        if isinstance(error, subprocess.TimeoutExpired):
            raise StackFailed(f"{command.name} is stuck; see {command.log}") from None
        raise
    if code != 0:
        raise StackFailed(f"{command.name} failed; the end of {command.log}:\n{tail(command.log)}")
    with command.log.open(encoding="utf-8", errors="replace") as log:
        log.seek(begin)
        return log.read()


def history(service: str) -> list[Path]:
    """The files of a service's migration history."""
    return list((package(service).parents[1] / "migrations").rglob("*.py"))


def package(service: str) -> Path:
    """The directory of a service's code.

    Raises:
        StackFailed: it is not installed.
    """
    spec = importlib.util.find_spec(service)
    if spec is None or spec.origin is None:
        raise StackFailed(f"the service {service} is not installed; run `make setup`")
    return Path(spec.origin).parent
