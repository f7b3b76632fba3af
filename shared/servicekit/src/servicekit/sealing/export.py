"""Where checkpoints go that are not in the database: a directory, which a site mounts from another
machine. One file a service and month, a line a checkpoint, only ever added to."""

import os
from pathlib import Path

from servicekit.sealing.checkpoint import Checkpoint

LOOKED_AT = 65_536
"""Bytes at the end of a file in which its last line is looked for: a month may have 200 MB."""


def append(directory: Path, checkpoint: Checkpoint) -> None:
    """Write the line and have it on the disk.

    Raises:
        OSError: the directory is away, full or not ours.
    """
    path = directory / f"{checkpoint.service}-{checkpoint.time[:7]}.jsonl"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        size = os.fstat(descriptor).st_size
        # What a full disk cut off stays a line of its own.
        broken = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        line = ("\n" if broken else "").encode() + f"{checkpoint.line}\n".encode()
        if os.write(descriptor, line) != len(line):
            raise OSError(f"{path}: the disk is full")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def newest(directory: Path, service: str) -> Checkpoint | None:
    """The last line that was written for a service, if there is one.

    Raises:
        OSError: the directory cannot be read.
    """
    for file in sorted(directory.glob(f"{service}-*.jsonl"), reverse=True):
        with file.open("rb") as lines:
            lines.seek(max(0, file.stat().st_size - LOOKED_AT))
            last = lines.read().splitlines()
        for line in reversed(last):
            found = Checkpoint.of(line)
            if found is not None and found.service == service:
                return found
    return None
