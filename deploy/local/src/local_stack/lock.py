"""One stack a data directory."""

import fcntl
import os
from pathlib import Path

from local_stack.errors import StackFailed


class DirectoryLock:
    """Held until `release` or the end of the process, however it ends."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "lock"
        self._descriptor = -1

    def acquire(self) -> None:
        """Take it.

        Raises:
            StackFailed: another stack runs on this directory.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode().strip() or "unknown"
            os.close(descriptor)
            raise StackFailed(
                f"{self._path.parent} is in use by the stack with process id {holder}; "
                "stop that one, or choose another directory with DATA_DIR=…"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
