"""The product as containers, brought up from nothing under a name of its own."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from servicekit.embedded.ports import free_ports

ROOT = Path(__file__).parents[2]
PROJECT = f"kechuang-trial-{os.getpid()}"


def run(*words: str, env: Mapping[str, str] | None = None) -> str:
    """What a command printed.

    Raises:
        AssertionError: it failed; what it said is told.
    """
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


@dataclass
class Compose:
    """The project of this run. `seconds` is how long the first start took."""

    env: Mapping[str, str]
    secrets: Path
    url: str
    seconds: float = 0

    def __call__(self, *words: str) -> str:
        return run("docker", "compose", "-p", PROJECT, *words, env=self.env)

    def up(self) -> None:
        began = time.monotonic()
        self("up", "--wait", "--wait-timeout", "900")
        self.seconds = time.monotonic() - began

    @property
    def services(self) -> dict[str, Any]:
        """The compose file as it was understood."""
        return yaml.safe_load(self("config"))["services"]

    def inspect(self, service: str) -> dict[str, Any]:
        (name,) = self("ps", "-aq", service).split()
        return json.loads(run("docker", "inspect", name))[0]

    def wait(
        self, service: str, until: Callable[[dict[str, Any]], bool], seconds: float = 120
    ) -> None:
        """Until what `inspect` tells of it is as it should be."""
        deadline = time.monotonic() + seconds
        while not until(self.inspect(service)):
            assert time.monotonic() < deadline, self("logs", "--tail", "30", service)
            time.sleep(0.5)

    def get(self, path: str) -> Any:
        with urlopen(f"{self.url}{path}", timeout=30) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Images built, secrets drawn, everything up; and gone again, with its volumes."""
    secrets = tmp_path_factory.mktemp("secrets")
    (port,) = free_ports(1)
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KECHUANG_")},
        "KECHUANG_SECRETS": str(secrets),
        "KECHUANG_PORT": str(port),
        "KECHUANG_RATE_LIMIT": "1000/second",
        # One image after the other: two cores.
        "COMPOSE_PARALLEL_LIMIT": "1",
    }
    run("make", "images", "secrets", f"SECRETS={secrets}", env=env)
    known = Compose(env, secrets, f"http://127.0.0.1:{port}")
    try:
        known.up()
        yield known
    finally:
        known("down", "--volumes", "--timeout", "10")
