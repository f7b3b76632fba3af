"""Programs forked from a warm process behave like those started cold."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from servicekit.embedded.child import Child, Command
from servicekit.embedded.warm import Adopted, Warm, python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux only")

PROGRAM = """
import json, os, signal, sys, time
import uuid_utils
if "fail" in sys.argv:
    sys.exit(7)
print(json.dumps({"argv": sys.argv[1:], "name": __name__, "env": os.environ.get("GIVEN"),
    "home": os.environ.get("HOME"), "parent": os.getppid(), "session": os.getsid(0),
    "pid": os.getpid(), "id": str(uuid_utils.uuid7()), "fds": len(os.listdir("/proc/self/fd"))}))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
while "stay" in sys.argv: time.sleep(0.01)
"""


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("programs")
    (directory / "some_program.py").write_text(PROGRAM)
    return directory


@pytest.fixture(scope="module")
def warm(program: Path) -> Iterator[Warm]:
    env = {**os.environ, "PYTHONPATH": str(program), "PYTHONUNBUFFERED": "1"}
    warm = Warm(["uuid_utils", "no_such_module"], env)
    yield warm
    warm.close()


def start(warm: Warm | None, log: Path, *arguments: str) -> Child:
    argv = python("some_program", *arguments)
    return Child(Command("some", argv, log, {"GIVEN": "yes"}), warm)


def told(log: Path) -> dict[str, object]:
    import json

    until(lambda: log.exists() and log.read_text().endswith("\n"))
    return json.loads(log.read_text())


def test_it_gets_arguments_environment_session_and_parent(warm: Warm, tmp_path: Path) -> None:
    child = start(warm, tmp_path / "log", "stay")
    assert isinstance(child.process, Adopted)
    facts = told(tmp_path / "log")
    assert facts["argv"] == ["stay"]
    assert facts["name"] == "__main__"
    assert (facts["env"], facts["home"]) == ("yes", None)
    assert facts["parent"] == os.getpid()
    assert facts["pid"] == facts["session"] == child.pid
    assert psutil.Process(child.pid).cmdline()[-3:] == ["-m", "some_program", "stay"]
    child.stop()
    assert child.process.returncode == 3


def test_exit_codes_and_kills_are_seen(warm: Warm, tmp_path: Path) -> None:
    assert start(warm, tmp_path / "one", "fail").process.wait(10) == 7
    child = start(warm, tmp_path / "two", "stay")
    told(tmp_path / "two")
    with pytest.raises(subprocess.TimeoutExpired):
        child.process.wait(0.05)
    child.kill()
    assert child.process.returncode == -9


def test_no_two_draw_the_same_random_numbers(warm: Warm, tmp_path: Path) -> None:
    ids: set[object] = set()
    for n in range(5):
        start(warm, tmp_path / f"{n}").process.wait(10)
        ids.add(str(told(tmp_path / f"{n}")["id"])[-17:])
    assert len(ids) == 5


def test_they_outlive_the_warm_process(program: Path, tmp_path: Path) -> None:
    warm = Warm([], {**os.environ, "PYTHONPATH": str(program), "PYTHONUNBUFFERED": "1"})
    child = start(warm, tmp_path / "log", "stay")
    told(tmp_path / "log")
    warm.close()
    time.sleep(0.2)
    assert child.alive
    child.stop()


def test_after_close_everything_starts_cold(tmp_path: Path) -> None:
    warm = Warm([], os.environ)
    warm.close()
    child = Child(Command("cold", python("platform"), tmp_path / "log"), warm)
    assert isinstance(child.process, subprocess.Popen)
    assert child.process.wait(10) == 0
