"""Keeps child processes running: the one thread that starts them, notices their end and starts
them again, waiting longer each time one does not last."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from servicekit.embedded import leftovers
from servicekit.embedded.child import Child, Command, rotate, tail
from servicekit.embedded.warm import Warm

log = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between two looks at the children."""
FIRST_BACKOFF = 0.2
LONGEST_BACKOFF = 10.0
LASTED = 10.0
"""Seconds of life after which the next failure counts as the first again."""
ROTATE_EVERY = 30.0


class ChildFailed(Exception):
    """A child ended when it was not to, or was not ready in time; its last words are the text."""


@dataclass(slots=True)
class Kept:
    """One child and what is wanted of it."""

    command: Command
    child: Child | None = None
    wanted: bool = True
    backoff: float = FIRST_BACKOFF
    next_start: float = 0.0
    restarts: int = 0
    on_restart: Callable[[], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Keeper:
    """Children by name. What happens to them is told to `report`; with `notes`, a directory, the
    next keeper can end what this one leaves when it is killed."""

    def __init__(
        self, report: Callable[[str], None] = log.warning, notes: Path | None = None
    ) -> None:
        self.warm: Warm | None = None
        """Speeds up starts while it is there."""
        self._notes = notes
        if notes is not None:
            leftovers.end(notes)
        self._kept: dict[str, Kept] = {}
        self._report = report
        self._wake = threading.Event()
        self._closing = False
        self._rotated_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def add(self, command: Command, on_restart: Callable[[], None] | None = None) -> None:
        """Start a child and keep it running. `on_restart` is called after it had to be started
        again, in a thread of its own."""
        self._kept[command.name] = Kept(command, on_restart=on_restart)
        self._wake.set()

    def names(self) -> list[str]:
        return list(self._kept)

    def pid(self, name: str) -> int | None:
        """Its process id, none while it is down."""
        child = self._kept[name].child
        return child.pid if child is not None and child.alive else None

    def restarts(self, name: str) -> int:
        return self._kept[name].restarts

    def wait(self, name: str, ready: Callable[[], bool], timeout: float) -> None:
        """Wait until `ready` says so.

        Raises:
            ChildFailed: it kept ending, or `timeout` seconds were not enough.
        """
        kept = self._kept[name]
        before = kept.restarts
        until = time.monotonic() + timeout
        while not (self.pid(name) is not None and ready()):
            given_up = kept.restarts - before >= 3
            if given_up or time.monotonic() > until:
                why = "ends again and again" if given_up else f"is not ready after {timeout:.0f} s"
                raise ChildFailed(f"{name} {why}:\n{tail(kept.command.log)}")
            time.sleep(0.1)

    def stop(self, *names: str) -> None:
        """Stop children cleanly, all at once; they stay stopped until `start`."""
        running: list[Child] = []
        for kept in (self._kept[name] for name in names):
            with kept.lock:
                kept.wanted = False
                if kept.child is not None:
                    running.append(kept.child)
        for child in running:
            child.ask_to_stop()
        for child in running:
            child.stop()

    def start(self, name: str) -> None:
        """Start a stopped child again."""
        kept = self._kept[name]
        with kept.lock:
            if kept.child is not None and not kept.child.alive:
                kept.child = None
            kept.backoff, kept.next_start, kept.wanted = FIRST_BACKOFF, 0.0, True
        self._wake.set()

    def replace(self, command: Command) -> None:
        """Another command for the stopped child of this name, from its next start."""
        kept = self._kept[command.name]
        with kept.lock:
            kept.command = command

    def kill(self, name: str) -> None:
        """End a child at once, as a crash would; it is noticed and started again."""
        child = self._kept[name].child
        if child is not None:
            child.process.kill()

    def close(self) -> None:
        """Stop everything that still runs, the last added first."""
        for name in reversed(list(self._kept)):
            self.stop(name)
        self._closing = True
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing:
            for kept in list(self._kept.values()):
                try:
                    self._look_after(kept)
                except OSError as error:
                    self._report(f"{kept.command.name} cannot be started: {error}")
                    self._postpone(kept)
            self._rotate()
            self._wake.wait(TICK)
            self._wake.clear()

    def _look_after(self, kept: Kept) -> None:
        with kept.lock:
            if not kept.wanted or (kept.child is not None and kept.child.alive):
                return
            now = time.monotonic()
            if kept.child is not None and kept.next_start == 0.0:
                self._note_end(kept, kept.child)
            if now < kept.next_start:
                return
            again = kept.child is not None
            kept.child = Child(kept.command, self.warm)
            kept.next_start = 0.0
            kept.restarts += again
            if self._notes is not None:
                leftovers.note(self._notes, kept.command.name, kept.child.pid)
        if again and kept.on_restart is not None:
            threading.Thread(target=kept.on_restart, name=f"after-{kept.command.name}").start()

    def _note_end(self, kept: Kept, child: Child) -> None:
        if time.monotonic() - child.started_at > LASTED:
            kept.backoff = FIRST_BACKOFF
        code = child.process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self._report(f"{kept.command.name} ended ({how}); starting it again")
        self._postpone(kept)

    def _postpone(self, kept: Kept) -> None:
        kept.next_start = time.monotonic() + kept.backoff
        kept.backoff = min(kept.backoff * 2, LONGEST_BACKOFF)

    def _rotate(self) -> None:
        if time.monotonic() - self._rotated_at > ROTATE_EVERY:
            self._rotated_at = time.monotonic()
            for kept in list(self._kept.values()):
                rotate(kept.command.log)
