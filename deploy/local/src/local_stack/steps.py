"""Programs that run once and end: migrations, streams, clients, the plan."""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from servicekit.embedded.child import tail

from local_stack.errors import StackFailed

TIMEOUT = 300
"""Seconds after which a step counts as stuck."""


def run_step(name: str, arguments: Sequence[str], env: Mapping[str, str], logs: Path) -> str:
    """Run `python ARGUMENTS` and return its output; its complaints go to a log of its name.

    Raises:
        StackFailed: it failed or got stuck; the text holds its last words.
    """
    log = logs / f"{name}.log"
    command = [sys.executable, *arguments]
    with log.open("ab") as output:
        try:
            done = subprocess.run(
                command,
                check=False,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                timeout=TIMEOUT,
            )
        except subprocess.TimeoutExpired:
            raise StackFailed(f"{name} is stuck; see {log}") from None
    if done.returncode != 0:
        raise StackFailed(f"{name} failed; the end of {log}:\n{done.stdout}{tail(log)}")
    return done.stdout


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
