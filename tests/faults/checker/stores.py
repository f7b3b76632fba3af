"""Reading the stores behind the API: databases by their read-only role, streams by their owner."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from servicekit.embedded.http import read_json
from servicekit.messaging import stream
from servicekit.messaging.bus import Bus

from tests.faults.system import TrialStack

UNPUBLISHED = "SELECT count(*) FROM outbox WHERE published_at IS NULL"


class Databases:
    """One connection a service."""

    def __init__(self) -> None:
        self._connections: dict[str, asyncpg.Connection] = {}

    async def rows(self, service: str, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._connections[service].fetch(sql)]

    async def value(self, service: str, sql: str) -> Any:
        return await self._connections[service].fetchval(sql)

    @classmethod
    def open(cls, stack: TrialStack) -> AbstractAsyncContextManager["Databases"]:
        """Those of all services that run."""
        return cls.at({name: stack.database_url(name) for name in stack.topology.services})

    @classmethod
    @asynccontextmanager
    async def at(cls, urls: Mapping[str, str]) -> AsyncIterator["Databases"]:
        """Each service's at its address."""
        databases = cls()
        try:
            for service, url in urls.items():
                databases._connections[service] = await asyncpg.connect(url, timeout=10)
            yield databases
        finally:
            for connection in databases._connections.values():
                connection.terminate()


async def unpublished(stack: TrialStack, service: str) -> int:
    """How many events its outbox has still to give out."""
    async with Databases.open(stack) as databases:
        return int(await databases.value(service, UNPUBLISHED))


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a durable has not delivered, and what it waits for the acknowledgement of; how many
    messages its stream holds, and when that was made."""

    pending: int
    unacknowledged: int
    messages: int
    generation: str


async def stream_ids(stack: TrialStack, publisher: str) -> dict[str, list[int]]:
    """Every event id in a stream, with the sequences at which it lies, in their order."""
    bus = Bus(*stack.nats_login(publisher))
    found: dict[str, list[int]] = defaultdict(list)
    await bus.start()
    try:
        await bus.wait_connected()
        state = await stream.state(bus, publisher)
        if state.messages:
            async for page in stream.ids(bus, publisher, state.first_seq, state.last_seq):
                for event_id, sequence in page:
                    found[event_id].append(sequence)
    finally:
        await bus.stop()
    return found


def backlogs(stack: TrialStack) -> dict[str, Backlog] | None:
    """By durable; none while NATS does not answer."""
    merged: dict[str, Backlog] = {}
    for server in stack.event_servers:
        found = read_json(f"{server.monitor_url}/jsz?accounts=true&streams=true&consumers=true")
        if found is None:
            return None
        merged |= _backlogs(found, server.name)
    return merged


def _backlogs(server: Mapping[str, Any], name: str) -> dict[str, Backlog]:
    """Of the durables this server leads: the others of a cluster know their state later."""
    return {
        durable["name"]: Backlog(
            durable["num_pending"],
            durable["num_ack_pending"],
            found["state"]["messages"],
            found["created"],
        )
        for account in server.get("account_details") or ()
        for found in account.get("stream_detail") or ()
        for durable in found.get("consumer_detail") or ()
        if durable.get("cluster", {}).get("leader", name) == name
    }
