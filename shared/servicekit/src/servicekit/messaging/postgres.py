"""Single connections beside the pool, for what must live on one connection: locks and bells."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What a broken or refused connection raises; `OSError` includes time-outs."""


@asynccontextmanager
async def connection(url: str, purpose: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection of its own, closed at the end without waiting for a dead server."""
    opened: asyncpg.Connection = await asyncpg.connect(
        re.sub(r"^postgres(ql)?\+asyncpg://", "postgresql://", url),
        timeout=5,
        command_timeout=30,
        server_settings={
            "application_name": purpose,
            "timezone": "UTC",
            # A plan made while the queue was empty would scan the whole backlog for every batch.
            "plan_cache_mode": "force_custom_plan",
            # What is written here may be lost in a crash: an event that is no longer marked as
            # published is published again, with the id by which everybody knows it.
            "synchronous_commit": "off",
            # A server that lost sight of us frees our locks within half a minute.
            "tcp_keepalives_idle": "10",
            "tcp_keepalives_interval": "5",
            "tcp_keepalives_count": "3",
        },
    )
    try:
        yield opened
    finally:
        opened.terminate()
