"""What the door keeps to with each client: whether it may come in, from where and how often."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from servicekit.db import Database

from gateway.clients import repository
from gateway.clients.domain import Network, is_inside, read_network
from gateway.rate_limits.service import RateLimiter

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one client. `limiter` is none where the limit of every client counts."""

    disabled: bool = False
    networks: Sequence[Network] = ()
    limiter: RateLimiter | None = None

    def lets_in(self, address: str) -> bool:
        return is_inside(self.networks, address)


LIKE_ANY_OTHER = Policy()


class Policies:
    """The policies as they were in the database a few seconds ago; without a database as they were
    last. `seconds` lie between two looks, `storage` is where the limits are counted; who has put
    itself into `on_change` is called when they have become others."""

    def __init__(self, storage: str, seconds: float) -> None:
        self._storage = storage
        self._seconds = seconds
        self._by_client: Mapping[str, Policy] = {}
        self._limiters: Mapping[str, RateLimiter] = {}
        self.on_change: list[Callable[[], None]] = []

    def of(self, client_id: str) -> Policy:
        return self._by_client.get(client_id, LIKE_ANY_OTHER)

    def admits(self, client_id: str, address: str) -> bool:
        """Whether the client may come in from there."""
        policy = self.of(client_id)
        return not policy.disabled and policy.lets_in(address)

    async def run(self, database: Database) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(self._seconds)
            await self.refresh(database)

    async def refresh(self, database: Database) -> None:
        """Take over what the database says. While it is away, or not migrated yet, nothing
        changes: readiness tells of that, and the door stays as it was."""
        try:
            async with database.session() as session:
                self._take_over(await repository.policies(session))
        except Exception as error:
            log.warning("client_policies_not_refreshed", error=repr(error))

    def _take_over(self, rows: Sequence[Mapping[str, Any]]) -> None:
        rules = {row["rate_limit"] for row in rows if row["rate_limit"]}
        # A limiter lives on as long as somebody has its rule: it holds the counts.
        self._limiters = {
            rule: self._limiters.get(rule) or RateLimiter(rule, self._storage) for rule in rules
        }
        before, self._by_client = (
            self._by_client,
            {
                row["client_id"]: Policy(
                    disabled=row["disabled"],
                    networks=tuple(map(read_network, row["allowed_networks"])),
                    limiter=self._limiters.get(row["rate_limit"]),
                )
                for row in rows
            },
        )
        if self._by_client != before:
            for call in self.on_change:
                call()
