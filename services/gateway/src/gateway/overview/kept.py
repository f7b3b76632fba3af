"""Overviews of the last second, so that many looks at a board cost one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from servicekit.auth.principal import Principal

KEPT = 1.0
"""Seconds an overview is shown again."""
MOST = 500
"""Overviews kept at once; of more than that the oldest go early."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose answer it is: another caller, another role, another unit or another scope of the same
    caller has another one, so nobody is shown what another may read."""

    principal: Principal
    language: str


@dataclass(frozen=True, slots=True)
class Made:
    """An overview as it is sent."""

    body: bytes
    complete: bool


@dataclass(slots=True)
class Kept:
    """What is being made, and what was made within the last second."""

    _made: dict[Viewer, tuple[float, Made]] = field(default_factory=dict)
    _making: dict[Viewer, asyncio.Task[Made]] = field(default_factory=dict)

    async def get(
        self, viewer: Viewer, make: Callable[[], Awaitable[Made]], *, anew: bool = False
    ) -> Made:
        """The viewer's overview: a kept one, or the one that `make` makes. Those who come while
        it is made wait for it; `anew` has one made that begins after the call."""
        at, made = self._made.get(viewer, (0.0, None))
        if made is not None and not anew and monotonic() - at < KEPT:
            return made
        task = None if anew else self._making.get(viewer)
        if task is None:
            task = self._making[viewer] = asyncio.create_task(self._make(viewer, make))
        # One caller that goes away must not take the answer from the others.
        return await asyncio.shield(task)

    async def _make(self, viewer: Viewer, make: Callable[[], Awaitable[Made]]) -> Made:
        # What is read is as old as the first question, not as the last answer.
        begun = monotonic()
        try:
            made = await make()
            if made.complete:
                self._keep(viewer, begun, made)
            return made
        finally:
            if self._making.get(viewer) is asyncio.current_task():
                del self._making[viewer]

    def _keep(self, viewer: Viewer, begun: float, made: Made) -> None:
        at, _ = self._made.get(viewer, (0.0, None))
        if begun < at:
            return
        self._made.pop(viewer, None)
        self._made[viewer] = (begun, made)
        for other, (at, _) in [*self._made.items()]:
            if begun - at < KEPT and len(self._made) <= MOST:
                break
            del self._made[other]
