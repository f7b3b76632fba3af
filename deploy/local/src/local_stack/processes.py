"""Which processes a stack has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servicekit.embedded.child import Command
from servicekit.embedded.warm import python

from local_stack.environment import GATEWAY


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a service; `verb` is what of it runs there."""

    name: str
    service: str
    verb: str

    def command(self, env: Mapping[str, str], logs: Path) -> Command:
        return Command(
            name=self.name,
            argv=python(self.service, self.verb),
            log=logs / f"{self.name}.log",
            env=env,
        )


def processes(services: Sequence[str], split: bool) -> list[Process]:
    """One process a service, or its API and its worker apart. The gateway is never split: its
    worker feeds the streams its API holds open."""
    found: list[Process] = []
    for service in services:
        if split and service != GATEWAY:
            found.append(Process(service, service, "api"))
            found.append(Process(f"{service}-worker", service, "worker"))
        else:
            found.append(Process(service, service, "all"))
    return found
