"""Children of a keeper that was killed: found by what was noted at their start, and ended.

On Linux they end by themselves; a server that is still writing may need a moment, and elsewhere
nobody tells them.
"""

import contextlib
import signal
from pathlib import Path

import psutil

PATIENCE = 20.0
"""Seconds they get to end cleanly."""


def note(directory: Path, name: str, pid: int) -> None:
    """Remember a child that was just started."""
    directory.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(psutil.NoSuchProcess):
        (directory / name).write_text(f"{pid} {psutil.Process(pid).create_time()}")


def end(directory: Path, stop_signal: signal.Signals = signal.SIGINT) -> list[str]:
    """End what is left and return the names. SIGINT is understood by all: it is also Postgres's
    clean and fast shutdown."""
    found = {file.name: find(file) for file in directory.glob("*") if file.is_file()}
    running = {name: process for name, process in found.items() if process is not None}
    for process in running.values():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(stop_signal)
    _, stubborn = psutil.wait_procs(list(running.values()), timeout=PATIENCE)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=PATIENCE)
    for name in found:
        (directory / name).unlink(missing_ok=True)
    return sorted(running)


def find(file: Path) -> psutil.Process | None:
    """The noted process, unless it ended and its id was given to another."""
    try:
        pid, created = file.read_text().split()
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(created)) < 1
    except (ValueError, psutil.NoSuchProcess):
        return None
    return process if same else None
