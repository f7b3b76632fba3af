"""Callers that hang up in the middle of a request leave no connection behind.
`TRIAL_DISCONNECTS=1000` is the full form."""

import asyncio
import contextlib
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servicekit.embedded.ports import LOOPBACK
from servicekit.testing.databases import Databases
from servicekit.testing.tokens import Tokens
from servicekit.testing.wire import reset

from tests.faults.alone import HOME, Alone, open_files, until
from tests.faults.client import Request
from tests.faults.history import History
from tests.table import Tell

SEED = int(os.environ.get("TRIAL_SEED", "43"))
DISCONNECTS = int(os.environ.get("TRIAL_DISCONNECTS", "1000"))
AT_ONCE = 20
_HELD = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
 AND usename = 'supervision_app' AND state <> 'idle'"""
_CONNECTIONS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
 AND usename = 'supervision_app'"""
POOLS = 2 * 20
"""Connections the service may keep: SQLAlchemy's pool and the driver's, generously."""


@pytest.fixture
def supervision(
    postgres_server: Databases, tokens: Tokens, new_directory: Callable[[], Path]
) -> Iterator[Alone]:
    stored = postgres_server.migrated("supervision")
    alone = Alone("supervision", stored, tokens, new_directory()).start()
    yield alone
    alone.stop()
    postgres_server.drop(stored)


async def hang_up(alone: Alone, token: str, chance: random.Random, number: int) -> None:
    """Send some of a request, or all of it, and be gone before the answer."""
    body = b'{"title":"gone-%d","description":"d","responsible_unit":"u","due_workdays":9}' % number
    head = (
        f"POST /api/v1/supervision-items HTTP/1.1\r\nHost: s\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: gone-{number}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    whole = head.encode() + body
    part = len(whole) if chance.random() < 0.6 else chance.randrange(len(whole))
    _, writer = await asyncio.open_connection(LOOPBACK, alone.port)
    writer.write(whole[:part])
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    await asyncio.sleep(chance.choice((0.0, 0.001, 0.01, 0.05)))
    reset(writer)


async def test_callers_that_hang_up_leave_no_connection_behind(
    supervision: Alone, tokens: Tokens, tell: Tell
) -> None:
    chance, token = random.Random(SEED), tokens.mint("office", unit=HOME)
    async with supervision.database() as behind, supervision.client() as client:
        before = open_files(supervision.pid)
        for start in range(0, DISCONNECTS, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, DISCONNECTS))
            await asyncio.gather(*(hang_up(supervision, token, chance, n) for n in numbers))

        async def nobody_holds_one() -> bool:
            return await behind.fetchval(_HELD) == 0

        await until(nobody_holds_one, 30)
        kept = int(await behind.fetchval(_CONNECTIONS) or 0)
        body = {"title": "after", "description": "d", "responsible_unit": "u", "due_workdays": 9}
        request = Request("issue", "office", "POST", "/supervision-items", body)
        answers = await asyncio.gather(
            *(client.until_answered(History(), request, f"after-{n}") for n in range(AT_ONCE))
        )
        stored = await behind.fetchval("SELECT count(*) FROM supervision_item")
        told = await behind.fetchval("SELECT count(*) FROM outbox")
    assert [answer.status for _, answer in answers] == [201] * AT_ONCE
    assert kept <= POOLS
    assert open_files(supervision.pid) <= before + POOLS + AT_ONCE
    assert stored == told, "whatever was done was done whole"
    tell(
        "hanging up in the middle", seed=SEED, requests=DISCONNECTS, done_all_the_same=stored,
        connections_kept=kept, connections_leaked=0,
    )  # fmt: skip
