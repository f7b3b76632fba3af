"""A store on a disk of its own, which is full at a word and has room again at another."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROOM = "20g"
"""More than JetStream reserves for its streams; it takes no memory until it is written."""
LITTLE = 4096
"""Bytes that are left when it is full."""
ATTEMPTS = 50
"""To fill it, before it is given up."""


class Servers(Protocol):
    """Whoever can stop a server and let it go on."""

    def halt(self, name: str, /) -> None: ...
    def resume(self, name: str, /) -> None: ...


class Refused(Exception):
    """The system did not do it; the text says why."""


class NoMounts(Exception):
    """This machine lets nobody mount a file system."""


def run(*words: str) -> None:
    """Raises `Refused`."""
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise Refused(done.stderr)


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system in memory; `at` is where it is mounted."""

    at: Path

    def fill(self) -> None:
        """Take away the room that is left, whoever writes meanwhile: a disk cannot be made smaller
        than what is on it."""
        for attempt in range(1, ATTEMPTS + 1):
            used = shutil.disk_usage(self.at).used
            try:
                run("mount", "-o", f"remount,size={used + LITTLE}", str(self.at))
            except Refused:
                if attempt == ATTEMPTS:
                    raise
            else:
                return

    def free(self) -> None:
        run("mount", "-o", f"remount,size={ROOM}", str(self.at))


@contextmanager
def own_disk(stack: Servers, name: str, store: Path) -> Iterator[Disk]:
    """Put what the server `name` keeps in `store` on a disk of its own; in the end it goes on from
    there on the usual one.

    Raises:
        NoMounts: nobody may do that here.
    """
    stack.halt(name)
    aside = store.with_name(f"{store.name}.aside")
    store.rename(aside)
    facts = aside.stat()
    store.mkdir()
    options = f"size={ROOM},mode=700,uid={facts.st_uid},gid={facts.st_gid}"
    try:
        try:
            run("mount", "-t", "tmpfs", "-o", options, "none", str(store))
        except Refused as error:
            raise NoMounts(*error.args) from error
        try:
            run("cp", "-a", f"{aside}/.", str(store))
            stack.resume(name)
            yield Disk(store)
        finally:
            stack.halt(name)
            shutil.rmtree(aside)
            run("cp", "-a", str(store), str(aside))
            run("umount", str(store))
    finally:
        store.rmdir()
        aside.rename(store)
        stack.resume(name)
