"""The command: ends cleanly when told to, and leaves no orphans when it cannot."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

Run = Callable[..., "subprocess.Popen[str]"]


def read_until(process: "subprocess.Popen[str]", word: str) -> str:
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if word in line:
            return seen
    raise AssertionError(f"it ended without {word!r}:\n{seen}")


def children(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(run_command: Run, place: Path, number: int) -> None:
    process = run_command("--data-dir", str(place / "data"), "--port", "0")
    assert "API      http://127.0.0.1:" in read_until(process, "ready after")
    running = children(process)
    assert len(running) > 3
    process.send_signal(number)
    assert "everything is kept in" in read_until(process, "stopped;")
    assert process.wait(10) == 0
    assert psutil.wait_procs(running, timeout=1)[1] == []


def test_a_signal_during_the_start_stops_it_too(run_command: Run, place: Path) -> None:
    process = run_command("--data-dir", str(place / "data"), "--port", "0")
    read_until(process, "migrating")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def test_killed_it_leaves_no_orphans_and_starts_again(run_command: Run, place: Path) -> None:
    first = run_command("--data-dir", str(place / "data"), "--port", "0")
    read_until(first, "ready after")
    orphans = children(first)
    os.kill(first.pid, signal.SIGKILL)
    second = run_command("--data-dir", str(place / "data"), "--port", "0")
    said = read_until(second, "ready after")
    assert "migrating" not in said
    assert "making" not in said
    assert psutil.wait_procs(orphans, timeout=5)[1] == []
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0


def test_a_wrong_start_says_why_in_words(run_command: Run, place: Path) -> None:
    first = run_command("--data-dir", str(place / "data"), "--port", "0")
    read_until(first, "starting Postgres")
    second = run_command("--data-dir", str(place / "data"), "--port", "0")
    assert second.wait(20) == 1
    assert second.stdout is not None
    words = second.stdout.read()
    assert "is in use by the stack with process id" in words
    assert "Traceback" not in words
