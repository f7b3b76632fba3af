"""The rig: a real system, callers who write, faults from a seed, and one verdict at the end."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Self

from tests.faults.checker.effects import check_effects
from tests.faults.checker.events import check_events
from tests.faults.checker.findings import Report
from tests.faults.checker.models import check_equation, check_models
from tests.faults.checker.stores import Databases
from tests.faults.client import TIMEOUT, Client
from tests.faults.history import History
from tests.faults.quiet import settle
from tests.faults.schedule import Fault, Recovery, inflict
from tests.faults.system import SERVERS, TrialStack
from tests.faults.work import THINK, Caller, World
from tests.prepared import Prepared

CALLERS = 6
Defects = Mapping[str, Sequence[str]]
"""Names of `planted.DEFECTS` by process."""


class Rig:
    """`with Rig(directory, services, seed) as rig:` … `await rig.load(faults)`,
    `await rig.verdict()`. `defects` are planted by process name."""

    def __init__(
        self,
        data_dir: Path,
        services: Sequence[str],
        seed: int,
        *,
        defects: Defects | None = None,
        kind: type[TrialStack] = TrialStack,
    ) -> None:
        self.seed = seed
        self.told: list[str] = []
        """What the supervisor reported."""
        self.stack = kind(data_dir, services, defects or {}, self.told.append)
        self.history = History()
        self.failed = False
        """Whether a verdict was not as it should be."""
        self._loaded = 0.0
        self.world = World(services)
        self.recoveries: list[Recovery] = []
        self._callers = 0

    def __enter__(self) -> Self:
        self.stack.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.stop()

    @classmethod
    @contextmanager
    def running(
        cls,
        services: Sequence[str],
        seed: int,
        *,
        defects: Defects | None = None,
        prepared: Prepared | None = None,
        kind: type[TrialStack] = TrialStack,
    ) -> Iterator["Rig"]:
        """A rig in a directory of its own, which stays when a trial did not end well; `prepared`
        is such a system, to begin with a copy of."""
        # Not pytest's: another run of it on this machine closes those to Postgres's account.
        directory = Path(tempfile.mkdtemp(prefix="kechuang-faults-"))
        ended_well = False
        if prepared is not None:
            prepared.copy_to(directory / "data")
        try:
            with cls(directory / "data", services, seed, defects=defects, kind=kind) as rig:
                yield rig
            ended_well = not rig.failed
        finally:
            if ended_well:
                shutil.rmtree(directory)
            else:
                print(f"seed {seed}: logs, databases and history are kept in {directory}")

    def pids(self) -> dict[str, int | None]:
        """The services' and the gateway's processes; their servers are not among them."""
        return {name: self.stack.pid(name) for name in self.stack.names if name not in SERVERS}

    def client(self, timeout: float = TIMEOUT) -> Client:
        return Client(self.stack.address, self.stack.clients, timeout)

    async def load(
        self,
        faults: Sequence[Fault] = (),
        *,
        seconds: float = 0.0,
        callers: int = CALLERS,
        think: float = THINK,
        answer_within: float = TIMEOUT,
        until: asyncio.Task[None] | None = None,
    ) -> None:
        """Write while things break, at least for `seconds` and as long as `until` takes; returns
        when all have an answer. A caller waits `think` seconds before its next write, and
        `answer_within` seconds until it sends this one again."""
        began = time.monotonic()
        async with self.client(answer_within) as client:
            if not self.history.operations:
                await self.world.prepare(client, self.history)
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as together:
                for caller in self._more(callers, client):
                    together.create_task(caller.run(stop, think))
                broken = together.create_task(inflict(self.stack, faults, self.history.answered))
                await asyncio.sleep(seconds)
                self.recoveries += await broken
                try:
                    if until is not None:
                        await until
                finally:
                    stop.set()
        self._loaded += time.monotonic() - began

    def _more(self, callers: int, client: Client) -> list[Caller]:
        """Callers with new names: a key is never used for a second write."""
        first, self._callers = self._callers, self._callers + callers
        return [
            Caller(number, self.seed, self.world, client, self.history)
            for number in range(first, self._callers)
        ]

    async def verdict(self, *, guilty: bool = False) -> Report:
        """Wait for quiet, compare everything, and print seed, figures and findings.

        `guilty` says that findings are expected, because a defect is planted.
        """
        seconds = await settle(self.stack)
        report = await self.check()
        self._figures(report, seconds)
        self.history.write(self.stack.data_dir / "history.jsonl")
        self.failed |= report.clean == guilty
        print(f"\n{report}")
        return report

    async def check(self) -> Report:
        """Compare history and stores as they are now."""
        report = Report()
        async with Databases.open(self.stack) as databases:
            await check_effects(report, databases, self.history)
            await check_events(report, databases, self.stack)
            await check_models(report, databases, self.stack)
            await check_equation(report, databases, self.stack)
        return report

    def _figures(self, report: Report, settled: float) -> None:
        figures = report.figures
        figures["seed"] = self.seed
        figures["operations"] = dict(self.history.outcomes())
        figures["answers by status"] = dict(sorted(self.history.statuses().items()))
        figures["answers repeated by key"] = sum(o.replayed for o in self.history.operations)
        if self.recoveries:
            slowest: dict[str, float] = {}
            for name, seconds in sorted(map(astuple, self.recoveries)):
                slowest[name] = round(max(seconds, slowest.get(name, 0.0)), 1)
            figures["kills"] = len(self.recoveries)
            figures["slowest recovery, seconds"] = slowest
        figures["load"] = f"{self._loaded:.1f} s"
        figures["quiet after"] = f"{settled:.1f} s"
