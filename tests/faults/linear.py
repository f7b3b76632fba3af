"""Whether a history of calls side by side is one that some order of them explains: linearizability,
by the search of Wing and Gong, which remembers where it has been as Lowe's does.

A call took effect at one moment between its beginning and its answer, or not at all if it was
refused. One that was never answered took effect at any moment after its beginning, or never.
"""

import math
import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

State = TypeVar("State")

UNKNOWN = object()
"""The answer of a call that had none."""
MOST = 40_000
"""Places a search may come to before it gives up: it says so, and never that all is well."""
TRIES, A_WHILE = 30, 1_500
"""Searches that begin anew, and the places each of them may come to: who took a wrong turn early is
long about it, and another begins otherwise."""


class Undecided(Exception):
    """There were too many orders to try."""


@dataclass(frozen=True, slots=True)
class Call(Generic[State]):
    """`apply(state)` gives the state after it and the answer of a service that is sound; it leaves
    the state it is given alone, and gives that very one where nothing changes. Times are seconds
    of one clock."""

    name: str
    apply: Callable[[State], tuple[State, object]]
    answer: object
    began: float
    ended: float = math.inf

    @property
    def is_known(self) -> bool:
        return self.answer is not UNKNOWN


@dataclass
class Verdict:
    """`order` is one that explains the history, or as much of it as any order does; `stuck` says
    what then cannot follow, and why: nothing if all is explained."""

    order: list[str]
    stuck: list[str] = field(default_factory=list)
    places: int = 0

    @property
    def is_linear(self) -> bool:
        return not self.stuck

    def __str__(self) -> str:
        if self.is_linear:
            return f"explained after {self.places} places"
        last = "\n  ".join(self.order[-8:])
        return "no order explains it: after\n  {}\nnone of these can follow:\n  {}".format(
            last, "\n  ".join(self.stuck)
        )


@dataclass(frozen=True, slots=True)
class _Place(Generic[State]):
    """Where a search is: what is done by now, in which state, and what may come next."""

    done: int
    state: State
    nexts: Iterator[int]


def explain(
    start: State, calls: Sequence[Call[State]], key: Callable[[State], Hashable]
) -> Verdict:
    """The verdict of the first of several searches that comes to one, the last as long as it takes.

    Raises:
        Undecided: none did.
    """
    for number in range(TRIES):
        chance = random.Random(number) if number else None
        with suppress(Undecided):
            return Search(start, calls, key, A_WHILE, chance).verdict()
    return Search(start, calls, key).verdict()


class Search(Generic[State]):
    """`Search(start, calls, key).verdict()`; states of one `key` are the same state. It tries first
    what had its answer first or, given a `chance`, what was done first at moments drawn from it."""

    def __init__(
        self,
        start: State,
        calls: Sequence[Call[State]],
        key: Callable[[State], Hashable],
        most: int = MOST,
        chance: random.Random | None = None,
    ) -> None:
        # In the order of their answers, as they were most likely done; who had none come last.
        def moment(call: Call[State]) -> tuple[float, float]:
            if chance is not None and call.is_known:
                return chance.uniform(call.began, call.ended), call.began
            return call.ended, call.began

        self._calls = sorted(calls, key=moment)
        self._known = sum(1 << n for n, call in enumerate(self._calls) if call.is_known)
        self._start, self._key, self._most = start, key, most
        self._seen: set[tuple[int, Hashable]] = set()
        self._path: list[int] = []
        self._best: tuple[list[int], Any] = ([], start)

    def verdict(self) -> Verdict:
        """Raises `Undecided`."""
        places = [self._place(0, self._start)]
        while places:
            here = places[-1]
            if here.done & self._known == self._known:
                return Verdict(self._names(self._path), places=len(self._seen))
            onwards = self._onwards(here)
            if onwards is not None:
                places.append(onwards)
                continue
            places.pop()
            if self._path:
                self._path.pop()
        path, state = self._best
        return Verdict(self._names(path), self._why(path, state), len(self._seen))

    def _onwards(self, here: _Place[State]) -> _Place[State] | None:
        """The next place nobody has been to, if there is one from here."""
        for number in here.nexts:
            after, answer = self._calls[number].apply(here.state)
            if not self._fits(number, here.state, after, answer):
                continue
            done = here.done | 1 << number
            place = (done, self._key(after))
            if place in self._seen:
                continue
            self._seen.add(place)
            if len(self._seen) > self._most:
                raise Undecided(f"{self._most} places, {len(self._calls)} calls")
            self._path.append(number)
            if len(self._path) > len(self._best[0]):
                self._best = ([*self._path], after)
            return self._place(done, after)
        return None

    def _fits(self, number: int, before: State, after: State, answer: object) -> bool:
        """Whether the call can be done here. Of one without an answer only its effect matters."""
        call = self._calls[number]
        if call.is_known:
            return call.answer == answer
        return self._key(after) != self._key(before)

    def _place(self, done: int, state: State) -> _Place[State]:
        possible = self._possible(done)
        # What fits and changes nothing may as well be done now: whatever order explains the rest
        # with it later explains it with it here. Only what changes something is tried in turn.
        first = next((number for number in possible if self._leaves(number, state)), None)
        return _Place(done, state, iter(possible if first is None else [first]))

    def _leaves(self, number: int, state: State) -> bool:
        """Whether the call fits here and leaves all as it is."""
        call = self._calls[number]
        after, answer = call.apply(state)
        return after is state and answer == call.answer

    def _possible(self, done: int) -> list[int]:
        """Calls that began before any other that is left had its answer."""
        left = [number for number in range(len(self._calls)) if not done >> number & 1]
        earliest = min((self._calls[number].ended for number in left), default=math.inf)
        return [number for number in left if self._calls[number].began <= earliest]

    def _names(self, path: Sequence[int]) -> list[str]:
        return [self._calls[number].name for number in path]

    def _why(self, path: Sequence[int], state: State) -> list[str]:
        done = sum(1 << number for number in path)
        nexts = (self._calls[number] for number in self._possible(done))
        return [
            f"{call.name}: answered {call.answer}, should be {call.apply(state)[1]}"
            for call in nexts
            if call.is_known
        ]
