"""Counting requests per caller, in this process or in Redis where several gateways share."""

import math
import time
from typing import NamedTuple

import structlog
from limits import RateLimitItem, parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

log = structlog.get_logger()


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


class RateLimiter:
    """`rule` such as `200/second`; `storage` an address that the `limits` library knows."""

    def __init__(self, rule: str, storage: str) -> None:
        self._item: RateLimitItem = parse(rule)
        self._limiter = SlidingWindowCounterRateLimiter(
            storage_from_string(storage, wrap_exceptions=True)  # pyright: ignore[reportArgumentType]
        )

    async def take(self, *key: str) -> Allowance:
        """Count one request. When the shared storage is gone the door stays open."""
        try:
            allowed = await self._limiter.hit(self._item, *key)
            return await self._allowance(allowed, *key)
        except StorageError as error:
            log.warning("rate_limit_storage_unavailable", error=str(error))
            limit = self._item.amount
            return Allowance(True, limit, self._item.get_expiry(), limit, 0)

    async def left(self, *key: str) -> Allowance:
        """What is left, without counting."""
        return await self._allowance(await self._limiter.test(self._item, *key), *key)

    async def _allowance(self, allowed: bool, *key: str) -> Allowance:
        stats = await self._limiter.get_window_stats(self._item, *key)
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        window = self._item.get_expiry()
        return Allowance(allowed, self._item.amount, window, stats.remaining, min(reset, window))
