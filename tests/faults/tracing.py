"""Looking at what processes ask of the system, and making that slow (strace)."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager


def may_trace() -> bool:
    """Whether this machine has strace and lets it look into a process."""
    found = shutil.which("strace")
    if found is None:
        return False
    return subprocess.run([found, "-f", "true"], check=False, capture_output=True).returncode == 0


@asynccontextmanager
async def traced(pids: Collection[int], *options: str) -> AsyncIterator[None]:
    """These processes, and what they start, meanwhile have strace with these options on them."""
    on = [word for pid in pids for word in ("-p", str(pid))]
    tracer = await asyncio.create_subprocess_exec(
        "strace", "-f", *options, *on, stderr=asyncio.subprocess.PIPE
    )
    assert tracer.stderr is not None
    for _ in pids:
        await tracer.stderr.readline()
    try:
        yield
    finally:
        tracer.terminate()
        await tracer.wait()
