"""The wires of a whole system: to its door, from there to each API, and from everybody to NATS."""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, fields
from typing import Any

from local_stack.environment import GATEWAY, Environments
from servicekit.embedded.ports import LOOPBACK
from servicekit.testing.wire import Wire

DOOR, NATS = "door", "nats"
KINDS = ("cut", "half-open", "slow", "answers dropped")
LONG = 2.5
"""Seconds a wire is in trouble, at most; a cut takes no time."""
SLOW = 0.15


@dataclass(frozen=True, slots=True)
class WiredEnvironments(Environments):
    """Settings by which everybody is reached over a wire; `over` are the wires' ports."""

    over: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, made: Environments, over: Mapping[str, int]) -> "WiredEnvironments":
        known: dict[str, Any] = {each.name: getattr(made, each.name) for each in fields(made)}
        return cls(**known, over=over)

    def common(self) -> dict[str, str]:
        nats = f"nats://{LOOPBACK}:{self.over[NATS]}"
        return Environments.common(self) | {"KECHUANG_NATS_URL": nats}

    def upstream_ports(self) -> dict[str, int]:
        ports = Environments.upstream_ports(self)
        return {name: self.over[name] for name in ports}


class Wires:
    """Wires to these ports by name, served by a thread: a trial's own loop may be busy."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self.ports: dict[str, int] = {}
        self._wires: dict[str, Wire] = {}
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wires", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(ports), self._loop).result()

    async def _open(self, ports: Mapping[str, int]) -> None:
        for name, port in ports.items():
            self._wires[name] = await self._stack.enter_async_context(Wire(port))
            self.ports[name] = self._wires[name].port

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stack.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def names(self) -> Sequence[str]:
        return list(self._wires)

    def carried(self) -> Counter[str]:
        return Counter({name: wire.carried for name, wire in self._wires.items()})

    def trouble(self, name: str, kind: str) -> None:
        """Begin one of `KINDS` on a wire."""
        wire = self._wires[name]
        begin: dict[str, Callable[[], None]] = {
            "cut": wire.cut_off,
            "half-open": wire.half_open,
            "slow": lambda: setattr(wire, "delay", SLOW),
            "answers dropped": wire.drop_answers,
        }
        self._loop.call_soon_threadsafe(begin[kind])

    def mend(self, name: str) -> None:
        self._loop.call_soon_threadsafe(self._wires[name].mend)


def ports_of(made: Environments) -> dict[str, int]:
    """Where the wires of a system lead; NATS has chosen its port."""
    return {DOOR: made.ports[GATEWAY], NATS: made.nats.port, **made.upstream_ports()}


async def disturb(wires: Wires, seed: int, troubles: int) -> Counter[str]:
    """So many troubles, one after the other; every wire has had one before any has another."""
    chance, done = random.Random(seed), Counter[str]()
    turn: list[str] = []
    for number in range(troubles):
        turn = turn or chance.sample(sorted(wires.names), len(wires.names))
        name, kind = turn.pop(), KINDS[number % len(KINDS)]
        await asyncio.sleep(chance.uniform(0.1, 0.4))
        wires.trouble(name, kind)
        if kind != "cut":
            await asyncio.sleep(chance.uniform(0.4, LONG))
            wires.mend(name)
        done[f"{name} {kind}"] += 1
    return done
