"""Counting requests per caller, in this process or in Redis where several gateways share."""

import math
import time

import structlog
from limits import parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from gateway.rate_limits.domain import Allowance, SlidingWindow

log = structlog.get_logger()

IN_PROCESS = "async+memory://"


class RateLimiter:
    """`rule` such as `200/second`; `storage` an address that the `limits` library knows. In this
    process we count ourselves: every request is counted, and a library that is made to wait for
    Redis takes ten times as long."""

    def __init__(self, rule: str, storage: str) -> None:
        self._item = parse(rule)
        self._own = SlidingWindow(self._item.amount, self._item.get_expiry())
        self._shared: SlidingWindowCounterRateLimiter | None = None
        if storage != IN_PROCESS:
            self._shared = SlidingWindowCounterRateLimiter(
                storage_from_string(storage, wrap_exceptions=True)  # pyright: ignore[reportArgumentType]
            )

    async def take(self, *key: str) -> Allowance:
        """Count one request. When the shared storage is gone the door stays open."""
        if self._shared is None:
            return self._own.take(key, time.time())
        try:
            allowed = await self._shared.hit(self._item, *key)
            return await self._allowance(self._shared, allowed, *key)
        except StorageError as error:
            log.warning("rate_limit_storage_unavailable", error=str(error))
            limit = self._item.amount
            return Allowance(True, limit, self._item.get_expiry(), limit, 0)

    async def left(self, *key: str) -> Allowance:
        """What is left, without counting."""
        if self._shared is None:
            return self._own.left(key, time.time())
        return await self._allowance(self._shared, await self._shared.test(self._item, *key), *key)

    async def _allowance(
        self, shared: SlidingWindowCounterRateLimiter, allowed: bool, *key: str
    ) -> Allowance:
        stats = await shared.get_window_stats(self._item, *key)
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        window = self._item.get_expiry()
        return Allowance(allowed, self._item.amount, window, stats.remaining, min(reset, window))
