"""What is broken and when: drawn from a seed, so that a run can be repeated."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.faults.system import SERVERS, TrialStack

BACK = 60.0
"""Seconds a process may take to serve again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Processes that are killed together, `after` seconds and `writes` answered writes after the
    fault before: the load decides how fast it goes, not the clock of a busy machine. Before
    that they are stopped for `frozen` seconds, like a machine that has lost its disk."""

    after: float
    names: tuple[str, ...]
    writes: int = 0
    frozen: float = 0.0
    when_ready: bool = False
    """Count from the moment they serve again: what was killed before is back at work."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """How long a killed process did not serve, in seconds."""

    name: str
    seconds: float


def draw(seed: int, names: Sequence[str], kills: int, writes: int = 12) -> list[Fault]:
    """Faults that kill so many; everybody has had a turn before anybody has another, and one in
    six is of two at once. From one to the next `writes` are answered on average; one in four does
    not wait for any, nor for the system to have recovered from the one before."""
    chance = random.Random(seed)
    faults: list[Fault] = []
    turn: list[str] = []
    while kills:
        turn = turn or chance.sample(list(names), len(names))
        at_once = 2 if len(turn) > 1 and kills > 1 and chance.random() < 1 / 6 else 1
        fault = Fault(
            after=chance.uniform(0.3, 1.3),
            names=tuple(turn.pop() for _ in range(at_once)),
            writes=round(writes * chance.choice((0.0, 1.0, 1.2, 1.8))),
            frozen=chance.choice((0.0, 0.0, 0.5)),
        )
        faults.append(fault)
        kills -= at_once
    return faults


def repeat(name: str, kills: int, every: float) -> list[Fault]:
    """The same process again and again, each time in the middle of its work."""
    return [Fault(every, (name,), writes=5, when_ready=True) for _ in range(kills)]


async def inflict(
    stack: TrialStack, faults: Sequence[Fault], answered: Callable[[], int]
) -> list[Recovery]:
    """Do it, and wait until everything serves again. `answered` counts the writes that were.

    Raises:
        TimeoutError: the system did not recover.
    """
    watches: list[asyncio.Task[Recovery]] = []
    away: set[str] = set()
    for fault in faults:
        if fault.when_ready:
            await asyncio.gather(*(_watch(stack, name, away) for name in fault.names))
        enough = answered() + fault.writes
        await asyncio.sleep(fault.after)
        await _until("no writes are answered", lambda n=enough: answered() >= n)
        away.update(fault.names)
        await asyncio.gather(*(_strike(stack, name, fault.frozen) for name in fault.names))
        watches += [asyncio.create_task(_watch(stack, name, away)) for name in fault.names]
    return list(await asyncio.gather(*watches))


async def _strike(stack: TrialStack, name: str, frozen: float) -> None:
    # After the fault before it may still be away, and only what runs can be killed.
    await _until(f"{name} does not start", lambda: stack.pid(name) is not None)
    pid = stack.pid(name)
    if frozen and pid is not None:
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(frozen)
    stack.kill(name)
    await _until(f"{name} does not end", lambda: stack.pid(name) != pid)


async def _until(complaint: str, condition: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > BACK:
            raise TimeoutError(f"{complaint}, for {BACK:.0f} s")
        await asyncio.sleep(0.01)


async def _watch(stack: TrialStack, name: str, away: set[str]) -> Recovery:
    """Until it serves again; a server only does when those it serves do as well, unless they were
    killed themselves."""
    began = time.monotonic()

    def serves() -> bool:
        others = [other for other in stack.names if other not in away] if name in SERVERS else []
        return all(map(stack.is_ready, [name, *others]))

    while not await asyncio.to_thread(serves):
        if time.monotonic() - began > BACK:
            raise TimeoutError(f"{name} does not serve {BACK:.0f} s after it was killed")
        await asyncio.sleep(0.1)
    away.discard(name)
    return Recovery(name, time.monotonic() - began)
