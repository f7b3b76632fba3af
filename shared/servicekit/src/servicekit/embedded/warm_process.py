"""The program behind `warm`: imports once, then forks a process for every request.

Run as `python -P -m servicekit.embedded.warm_process DESCRIPTOR SUPERVISOR PADDING MODULE...`.
It reads requests, one JSON object a line, from the socket DESCRIPTOR. A process it makes is handed
over to the supervisor, so this program may end and nobody notices.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import time
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
ADOPTION_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Request:
    """`argv` is that of the same program started cold: `[python, -P, -m, module, …]`."""

    argv: list[str]
    env: dict[str, str]
    log: str
    death_signal: int


def main() -> None:
    descriptor, supervisor = int(sys.argv[1]), int(sys.argv[2])
    for name in sys.argv[4:]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    # What is there now is never freed: left out of collections, its pages stay shared.
    gc.freeze()
    request = serve(descriptor)
    become(request, supervisor)
    module, *rest = request.argv[3:]
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def serve(descriptor: int) -> Request:
    """Answer requests for ever; returns only in a new process, with what it is to be."""
    asked = socket.socket(fileno=descriptor)
    with asked.makefile("r", encoding="utf-8") as lines:
        for line in lines:
            reading, writing = os.pipe()
            middle = os.fork()
            if middle == 0 and hand_over(writing):
                return Request(**json.loads(line))
            os.waitpid(middle, 0)
            asked.sendall(os.read(reading, 32) + b"\n")
            os.close(reading)
            os.close(writing)
    sys.exit(0)


def hand_over(writing: int) -> bool:
    """Fork again, tell the new process's id and end: the new one then belongs to the supervisor,
    which declared itself the parent of orphans. True in the new process."""
    child = os.fork()
    if child:
        os.write(writing, str(child).encode())
        os._exit(0)
    return True


def become(request: Request, supervisor: int) -> None:
    """What exec would have done: session, output, environment, name; and the tether."""
    until = time.monotonic() + ADOPTION_TIMEOUT
    while os.getppid() != supervisor:
        if time.monotonic() > until:
            os._exit(1)
        time.sleep(0.001)
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, request.death_signal, 0, 0, 0)
    log = os.open(request.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, 256)
    os.chdir("/")
    os.environ.clear()
    os.environ.update(request.env)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    retitle(request.argv)
    if os.getppid() != supervisor:
        os._exit(1)


def retitle(argv: list[str]) -> None:
    """Show the right command line to `ps`: written over our own, which is padded for that. A last
    byte that is not zero tells the kernel that the title ends at the first zero."""
    with open("/proc/self/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    size = end - start
    title = " ".join(argv).encode()[: size - 2].ljust(size - 1, b"\0") + b" "
    ctypes.memmove(start, title, size)


if __name__ == "__main__":
    main()
