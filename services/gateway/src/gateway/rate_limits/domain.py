"""Counting in this process: what is allowed, what is left and until when."""

import math
from collections.abc import Hashable
from typing import NamedTuple


class Allowance(NamedTuple):
    """What is left after one request; `reset` in whole seconds."""

    allowed: bool
    limit: int
    window: int
    remaining: int
    reset: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """`RateLimit-Policy` and `RateLimit` of the IETF draft; `Retry-After` when refused."""
        headers = [
            (b"ratelimit-policy", b'"default";q=%d;w=%d' % (self.limit, self.window)),
            (b"ratelimit", b'"default";r=%d;t=%d' % (self.remaining, self.reset)),
        ]
        if not self.allowed:
            headers.append((b"retry-after", b"%d" % max(1, self.reset)))
        return headers


class SlidingWindow:
    """`limit` requests of each caller in `window` seconds. The window before counts in the share
    of it that the last `window` seconds still cover: a counter that forgets evenly and needs two
    numbers a caller. It reckons as the library does that counts for several gateways."""

    def __init__(self, limit: int, window: int) -> None:
        self.limit, self.window = limit, window
        self._number = 0.0
        self._now: dict[Hashable, int] = {}
        self._before: dict[Hashable, int] = {}

    def take(self, key: Hashable, time: float) -> Allowance:
        """Count one request at `time`, seconds since 1970, unless it is one too many."""
        before, now, ends = self._counted(key, time)
        weight = before * ends / self.window + now
        allowed = math.floor(weight) < self.limit
        if allowed:
            self._now[key] = now = now + 1
            weight += 1
        return self._allowance(allowed, weight, before, now, ends)

    def left(self, key: Hashable, time: float) -> Allowance:
        """What is left, without counting."""
        before, now, ends = self._counted(key, time)
        weight = before * ends / self.window + now
        return self._allowance(weight < self.limit, weight, before, now, ends)

    def _counted(self, key: Hashable, time: float) -> tuple[int, int, float]:
        """Requests in the window before and in this one, and the seconds to its end."""
        number, passed = divmod(time, self.window)
        if number != self._number:
            self._before = self._now if number == self._number + 1 else {}
            self._now, self._number = {}, number
        return self._before.get(key, 0), self._now.get(key, 0), self.window - passed

    def _allowance(
        self, allowed: bool, weight: float, before: int, now: int, ends: float
    ) -> Allowance:
        reset = ends if now else 0.0
        if before:
            reset = min(ends, ends % (self.window / before))
        remaining = max(0, self.limit - math.floor(weight))
        return Allowance(allowed, self.limit, self.window, remaining, math.ceil(reset))
