"""Children are kept running, stopped cleanly and never outlive their keeper."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from servicekit.embedded.child import Command, rotate, tail
from servicekit.embedded.keeper import ChildFailed, Keeper

POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit("asked to end"))
print("up", flush=True)
while True: time.sleep(0.02)
"""

SLOW = """
import signal, time
asked = []
signal.signal(signal.SIGTERM, lambda *_: (asked.append(1), print("asked", flush=True)))
print("up", flush=True)
while not asked: time.sleep(0.02)
time.sleep({seconds})
"""


def command(name: str, directory: Path, code: str = POLITE, timeout: float = 5.0) -> Command:
    argv = [sys.executable, "-c", code]
    return Command(name, argv, directory / f"{name}.log", stop_timeout=timeout)


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def keeper(reports: list[str]) -> Iterator[Keeper]:
    keeper = Keeper(report=reports.append)
    yield keeper
    keeper.close()


def test_a_killed_child_is_noticed_and_started_again(
    keeper: Keeper, reports: list[str], tmp_path: Path
) -> None:
    restarted: list[bool] = []
    keeper.add(command("one", tmp_path), on_restart=lambda: restarted.append(True))
    until(lambda: keeper.pid("one"))
    first = keeper.pid("one")
    keeper.kill("one")
    until(lambda: restarted and keeper.pid("one") not in {None, first})
    assert reports == ["one ended (signal 9); starting it again"]
    assert keeper.restarts("one") == 1


def test_a_stop_is_clean_and_lasts_until_the_next_start(keeper: Keeper, tmp_path: Path) -> None:
    keeper.add(command("one", tmp_path))
    until(lambda: "up" in tail(tmp_path / "one.log"))
    keeper.stop("one")
    time.sleep(0.4)
    assert keeper.pid("one") is None
    assert "asked to end" in tail(tmp_path / "one.log")
    keeper.start("one")
    until(lambda: keeper.pid("one"))


def test_who_is_asked_to_stop_is_asked_once(keeper: Keeper, tmp_path: Path) -> None:
    """An API takes a second word for a hurry, and breaks off what it was to finish."""
    for name, seconds in {"one": 0.3, "two": 0.9}.items():
        keeper.add(command(name, tmp_path, SLOW.format(seconds=seconds)))
        until(lambda name=name: "up" in tail(tmp_path / f"{name}.log"))
    keeper.stop("one", "two")
    assert [tail(tmp_path / f"{name}.log").count("asked") for name in ("one", "two")] == [1, 1]


def test_a_child_that_does_not_listen_is_ended(keeper: Keeper, tmp_path: Path) -> None:
    deaf = "import signal,time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"
    deaf += "while True: time.sleep(1)"
    keeper.add(command("deaf", tmp_path, deaf, timeout=0.3))
    until(lambda: "up" in tail(tmp_path / "deaf.log"))
    began = time.monotonic()
    keeper.stop("deaf")
    assert time.monotonic() - began < 3


def test_one_that_fails_again_and_again_is_given_up_with_its_last_words(
    keeper: Keeper, tmp_path: Path
) -> None:
    keeper.add(command("broken", tmp_path, "raise SystemExit('no such setting')"))
    with pytest.raises(ChildFailed, match="no such setting"):
        keeper.wait("broken", lambda: False, timeout=10)


def test_children_end_when_their_keeper_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "supervisor.py"
    script.write_text(
        "import sys, time\nfrom pathlib import Path\n"
        "from servicekit.embedded.child import Command\n"
        "from servicekit.embedded.keeper import Keeper\n"
        f"keeper = Keeper()\nlog = Path({str(tmp_path / 'orphan.log')!r})\n"
        f"keeper.add(Command('orphan', [sys.executable, '-c', {POLITE!r}], log))\n"
        "keeper.wait('orphan', lambda: 'up' in log.read_text(), 10)\n"
        "print(keeper.pid('orphan'), flush=True)\ntime.sleep(60)\n"
    )
    supervisor = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    with supervisor.stdout as lines:
        pid = int(lines.readline())
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    until(lambda: not psutil.pid_exists(pid) or is_zombie(pid))


def is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    log.write_text("x" * 100)
    rotate(log, limit=50)
    assert log.read_text() == ""
    assert (tmp_path / "one.log.1").read_text() == "x" * 100
