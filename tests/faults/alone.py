"""One service's API as a process of its own on a real database, killed and started at will, with a
wire in front of it."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import asyncpg
from servicekit.embedded.child import Child, Command
from servicekit.embedded.ports import LOOPBACK, free_ports
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens
from servicekit.testing.wire import Wire

from services.funding.tests.money.service import wait_until_ready
from tests.faults.client import Client
from tests.faults.system import ROOT, launched
from tests.warm import every_service

HOME = "programme-office"


class MintingClient(Client):
    """Has its tokens from the run's own key and not from a gateway."""

    def __init__(self, url: str, tokens: Tokens) -> None:
        super().__init__(lambda: url, {})
        self._mint = tokens

    async def _token(self, role: str) -> str:
        if role not in self._tokens:
            self._tokens[role] = (self._mint.mint(role, unit=HOME), 0.0)
        return self._tokens[role][0]


@dataclass
class Alone:
    """`service` is one with an API, such as `supervision`; `defects` are planted in it."""

    service: str
    stored: ServiceDatabase
    tokens: Tokens
    directory: Path
    defects: Sequence[str] = ()
    port: int = 0
    kills: int = 0
    _child: Child | None = field(default=None)

    def start(self) -> Self:
        self.port = self.port or free_ports(1)[0]
        argv = launched(self.service, "api", self.defects)
        log = self.directory / f"{self.service}.log"
        command = Command(self.service, argv, log, self._environment())
        self._child = Child(command, every_service())
        wait_until_ready(self.port, self._child, log)
        return self

    def _environment(self) -> Mapping[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("KECHUANG_")}
        return inherited | {
            "KECHUANG_DATABASE_URL": self.stored.app_url,
            "KECHUANG_JWKS": self.tokens.jwks,
            "KECHUANG_PORT": str(self.port),
            "KECHUANG_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
        }

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def kill(self) -> None:
        """End it as a crash would; it stays away until `start`."""
        assert self._child is not None
        self._child.kill()
        self.kills += 1

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def client(self, port: int = 0) -> MintingClient:
        return MintingClient(f"http://{LOOPBACK}:{port or self.port}", self.tokens)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.stored.superuser_url)
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def behind_a_wire(alone: Alone, seed: int, often: float) -> AsyncIterator[Wire]:
    """A wire to it that keeps back every answer with this probability."""
    chance = random.Random(f"wire/{seed}")
    async with Wire(alone.port, drops=lambda: chance.random() < often) as wire:
        yield wire


def open_files(pid: int) -> int:
    """How many files and connections a process holds."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def until(probe: Callable[[], Awaitable[object]], seconds: float = 120.0) -> None:
    """Wait until `probe` finds something.

    Raises:
        AssertionError: it does not in time.
    """
    end = time.monotonic() + seconds
    while not await probe():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)
