"""A stack of the servers and the gateway alone: the supervision is the same for every service."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from local_stack.stack import Stack

Say = Callable[[str], None]
MakeStack = Callable[..., Stack]


def make(data_dir: Path, port: int = 0, report: Say = lambda _: None) -> Stack:
    return Stack(data_dir, port, services=("gateway",), apply_plan=False, report=report)


@pytest.fixture(scope="session")
def make_stack() -> MakeStack:
    return make


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What the module's stack reported."""
    return []


@pytest.fixture(scope="module")
def stack(new_directory: Callable[[], Path], told: list[str]) -> Iterator[Stack]:
    with make(new_directory() / "data", report=told.append) as stack:
        yield stack


RUNNER = """
import sys
from pathlib import Path
from local_stack import __main__ as command, stack
stack.Stack.__init__.__kwdefaults__["services"] = ("gateway",)
sys.exit(command.run(command.parse(["run", "--no-plan", *sys.argv[1:]])))
"""


@pytest.fixture
def place(new_directory: Callable[[], Path]) -> Path:
    """A directory of the test's own that a server may keep its data in."""
    return new_directory()


@pytest.fixture
def run_command() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """The command of `make run` in a process of its own, for the gateway alone."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", RUNNER, *arguments]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
