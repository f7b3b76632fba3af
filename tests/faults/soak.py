"""What a system holds while it runs for long: memory, files, tasks and connections of each process,
and how long callers wait; looked at again and again, and judged by how it grows."""

import asyncio
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from servicekit.embedded.http import get

from tests.faults.checker.stores import UNPUBLISHED, Databases
from tests.faults.history import History, p99
from tests.faults.system import SERVERS, TrialStack

MIB = 1024 * 1024
GROWTH = {"service": 12 * MIB, "server": 96 * MIB}
"""Bytes a process may hold more at the end than after it has warmed up, however long that takes:
a server fills the buffers it was given."""
MORE = {"files": 24, "tasks": 24, "connections": 24}
"""How many more a process may hold: a pool fills up by and by, and each call is a task."""
WAITING = 500
"""Events that may wait for their relay at any moment."""
SLOWER, NOISE = 3.0, 0.05
"""How many times as long callers may wait at the end, and seconds that count for nothing."""
SLICE = 5.0
"""Seconds whose calls make one p99."""
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True, slots=True)
class Sample:
    """One look: seconds since the beginning; bytes, files and tasks by process; by service
    connections to its database and events that wait for its relay."""

    at: float
    memory: Mapping[str, int]
    files: Mapping[str, int]
    tasks: Mapping[str, int]
    connections: Mapping[str, int]
    waiting: Mapping[str, int]


@dataclass
class Soak:
    """What was seen; `problems()` says what grows that should not."""

    samples: list[Sample] = field(default_factory=list)

    def later(self) -> list[Sample]:
        """Without the time in which everything warms up: a third."""
        return self.samples[len(self.samples) // 3 :]

    def grown(self, what: str) -> dict[str, float]:
        """How much more of it there is in the last third of the later looks than in the first: the
        medians of both, so that a peak is no growth."""
        later = self.later()
        part = max(1, len(later) // 3)
        first, last = later[:part], later[-part:]
        names = getattr(later[-1], what)
        return {
            name: _median(getattr(s, what).get(name, 0) for s in last)
            - _median(getattr(s, what).get(name, 0) for s in first)
            for name in names
        }

    def problems(self) -> list[str]:
        found = [
            f"{name} holds {more / MIB:.1f} MiB more"
            for name, more in self.grown("memory").items()
            if more > GROWTH["server" if name in SERVERS else "service"]
        ]
        for what, most in MORE.items():
            grown = self.grown(what).items()
            found += [f"{name}: {n:.0f} {what} more" for name, n in grown if n > most]
        waiting = {name for s in self.samples for name, n in s.waiting.items() if n > WAITING}
        return found + [f"events pile up in the outbox of {name}" for name in sorted(waiting)]

    async def watch(self, stack: TrialStack, every: float) -> None:
        """Look again and again, until it is cancelled."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with Databases.open(stack) as databases:
            while True:
                self.samples.append(await look(stack, databases, loop.time() - began))
                await asyncio.sleep(every)


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


async def look(stack: TrialStack, databases: Databases, at: float) -> Sample:
    memory, files = await asyncio.to_thread(held, stack)
    tasks = {name: await asyncio.to_thread(_tasks, stack, name) for name in {*memory} - {*SERVERS}}
    services = stack.topology.services
    connections = {name: await databases.value(name, _CONNECTIONS) for name in services}
    waiting = {name: await databases.value(name, UNPUBLISHED) for name in services}
    return Sample(at, memory, files, tasks, connections, waiting)


def held(stack: TrialStack) -> tuple[dict[str, int], dict[str, int]]:
    """Memory and files of every process with its children. Memory that several share is divided
    among them (PSS)."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it has ended
        children[int(after_name[1])].append(int(stat.parent.name))
    memory: dict[str, int] = {}
    files: dict[str, int] = {}
    for name in stack.names:
        pid = stack.pid(name)
        assert pid is not None, f"{name} does not run"
        family = _family(pid, children)
        memory[name] = sum(map(_pss, family))
        files[name] = sum(map(_files, family)) if name not in SERVERS else _files(pid)
    return memory, files


def _tasks(stack: TrialStack, name: str) -> int:
    """What the process itself says of its event loop."""
    _, said = get(f"{stack.operators(name)}/metrics", timeout=30)
    found = re.search(rb"^kechuang_tasks (\S+)$", said, re.MULTILINE)
    assert found is not None, f"{name} does not say"
    return int(float(found[1]))


def _family(pid: int, children: Mapping[int, Sequence[int]]) -> list[int]:
    return [pid, *(one for child in children.get(pid, ()) for one in _family(child, children))]


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (OSError, ProcessLookupError):
        return 0  # a backend that has ended
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _files(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0


def waits(history: History, since: float) -> list[float]:
    """The p99 of every few seconds' calls from a moment of the history on, in seconds."""
    slices: dict[int, list[float]] = defaultdict(list)
    for operation in history.operations:
        ended = operation.ended
        if operation.outcome == "ok" and operation.invoked > since and ended is not None:
            slices[int(ended / SLICE)].append(ended - operation.invoked)
    return [p99(slices[number]) for number in sorted(slices) if len(slices[number]) > 10]


def slower(slices: Sequence[float]) -> list[str]:
    """Whether callers wait longer at the end: medians of the p99s of the first and last third."""
    part = max(1, len(slices) // 3)
    first, last = _median(slices[:part]), _median(slices[-part:])
    if last > SLOWER * first + NOISE:
        return [f"p99 was {first * 1000:.0f} ms and is {last * 1000:.0f} ms"]
    return []
