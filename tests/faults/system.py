"""The real system, every API and worker a process of its own, with a witness in each consumer."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local_stack.environment import GATEWAY, Environments
from local_stack.processes import Process
from local_stack.stack import SERVICES, Stack, quiet
from local_stack.streams import consumed_by
from servicekit.embedded.child import Command
from servicekit.embedded.nats import NatsServer
from servicekit.embedded.warm import python

from tests.faults import witness
from tests.warm import every_service

SERVERS = ("postgres", "nats")
ROOT = Path(__file__).parents[2]
TWO_SERVICES = ("supervision", "funding")
"""Items are issued and cancelled in one, and hold and release payments in the other."""


@dataclass(frozen=True, slots=True)
class TrialProcess(Process):
    """A process started by `tests.faults.launch`, with the defects planted in it."""

    defects: Sequence[str] = ()

    def command(self, env: Mapping[str, str], logs: Path) -> Command:
        argv = launched(self.service, self.verb, self.defects)
        return Command(name=self.name, argv=argv, log=logs / f"{self.name}.log", env=env)


def launched(service: str, verb: str, defects: Sequence[str] = ()) -> list[str]:
    """The command line of a service with these mistakes. They are planted before their service is
    imported, so who has one is not forked from where that is done already."""
    words = python("tests.faults.launch", ",".join(defects), service, verb)
    return [word for word in words if word != "-P"] if defects else words


@dataclass(frozen=True, slots=True)
class Topology:
    """Who publishes, and whose events each service hears, among the services that run."""

    services: Sequence[str]
    heard: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, services: Sequence[str]) -> "Topology":
        publishing = [name for name in services if name != GATEWAY]
        heard = consumed_by(publishing)
        return cls(
            publishing,
            {name: [p for p in heard[name] if p in publishing] for name in publishing},
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every (consumer, publisher)."""
        for consumer, publishers in self.heard.items():
            for publisher in publishers:
                yield consumer, publisher


class TrialStack(Stack):
    """A stack without the programme plan. `defects` are planted by process name. Processes without
    one are forked from one that has imported everything, when they are killed too: a trial kills
    them a hundred times."""

    def __init__(
        self,
        data_dir: Path,
        services: Sequence[str],
        defects: Mapping[str, Sequence[str]],
        report: Callable[[str], None] = quiet,
    ) -> None:
        services = [*services, GATEWAY]
        super().__init__(
            data_dir,
            services=services,
            split=True,
            apply_plan=False,
            report=report,
            warm=every_service(),
        )
        self.topology = Topology.of(services)
        unknown = set(defects) - {process.name for process in self._processes}
        if unknown:
            raise ValueError(f"no such processes: {', '.join(sorted(unknown))}")
        self._processes: list[Process] = [
            TrialProcess(p.name, p.service, p.verb, defects.get(p.name, ()))
            for p in self._processes
        ]

    def _make_environments(self) -> Environments:
        """With a NATS user for absent services too: without, nobody may look at their streams."""
        made = super()._make_environments()
        for name in SERVICES:
            made.nats.users.setdefault(name, made.secrets.get(f"nats_{name}"))
        return made

    def _start(self) -> None:
        with _python_path(str(ROOT)):
            super()._start()

    def _start_services(self) -> None:
        for service in self.services:
            self.as_superuser(service, witness.table(service))
        # A system that has run for a while has one behind it; without, the first crash would have
        # to recover the making of every table.
        self._environments.postgres.psql("CHECKPOINT")
        super()._start_services()

    def address(self) -> str:
        """Where callers find the gateway now."""
        return self.url

    @property
    def event_servers(self) -> list[NatsServer]:
        """Every NATS server."""
        return [self._environments.nats]

    def as_superuser(self, service: str, sql: str) -> None:
        """Put something into a service's database past the service."""
        self._environments.postgres.psql(sql, database=service)

    def nats_cannot_write(self) -> bool:
        return self._environments.nats.cannot_write()

    def nats_login(self, service: str) -> tuple[str, str, str]:
        """Address, user and password with which a service's own stream can be read."""
        secret = self._environments.secrets.get(f"nats_{service}")
        return self._environments.nats.url, service, secret


@contextlib.contextmanager
def _python_path(path: str) -> Iterator[None]:
    """Where the processes find this package; an interpreter reads it only at its own start."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = path
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
