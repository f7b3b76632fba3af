"""What a peak opened is given back: each connection is a process of the server."""

import asyncio
from collections.abc import Callable

import asyncpg
from servicekit.db import Database
from servicekit.testing.databases import ServiceDatabase
from sqlalchemy import text

AT_ONCE = 6
REST = 0.3
"""Seconds after which a connection nobody uses is closed, here."""
SOON = 5.0
"""Seconds within which a busy machine has seen it."""
NAME = "resting"

EmptyDatabase = Callable[..., ServiceDatabase]


async def test_the_connections_of_a_peak_are_closed_when_nobody_uses_them(
    empty_database: EmptyDatabase,
) -> None:
    made = empty_database()
    async with resting(made) as database:
        for _ in range(2):
            await peak(database, made)
            await until_opened(made, 0)


async def test_one_after_another_takes_the_same_connection(empty_database: EmptyDatabase) -> None:
    made = empty_database()
    async with resting(made) as database:
        await peak(database, made)
        kept = set[int]()
        loop = asyncio.get_running_loop()
        until = loop.time() + SOON
        while await opened(made) > 1 and loop.time() < until:
            kept.add(await session_pid(database))
        assert len(kept) == 1, "the others rest, and this one is used throughout"
        assert await opened(made) == 1


async def test_a_connection_at_work_is_not_closed_however_long_it_takes(
    empty_database: EmptyDatabase,
) -> None:
    made = empty_database()
    async with resting(made) as database:
        first = await session_pid(database)
        async with database.session() as session:
            await session.execute(text("SELECT pg_sleep(:long)"), {"long": 3 * REST})
            await asyncio.sleep(2 * REST)
            assert await session.scalar(text("SELECT pg_backend_pid()")) == first


def resting(made: ServiceDatabase) -> Database:
    return Database(made.app_url, pool_size=AT_ONCE, rest=REST, application_name=NAME)


async def peak(database: Database, made: ServiceDatabase) -> None:
    """As many transactions and as many single reads at once as there may be, which end when all
    of them are there."""
    asked = "SELECT pg_advisory_xact_lock_shared(1)"

    async def work() -> None:
        async with database.session() as session:
            await session.execute(text(asked))

    connection = await asyncpg.connect(made.superuser_url)
    await connection.execute("SELECT pg_advisory_lock(1)")
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
            group.create_task(database.fetch(asked, ()))
        await until_opened(made, 2 * AT_ONCE)
        await connection.close()


async def session_pid(database: Database) -> int:
    async with database.session() as session:
        return int(await session.scalar(text("SELECT pg_backend_pid()")) or 0)


async def opened(made: ServiceDatabase) -> int:
    """How many processes the server has for the database under test."""
    connection = await asyncpg.connect(made.superuser_url)
    try:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
                " AND datname = current_database()",
                NAME,
            )
        )
    finally:
        await connection.close()


async def until_opened(made: ServiceDatabase, wanted: int) -> None:
    """Raises `TimeoutError` when it does not come to that soon."""
    async with asyncio.timeout(SOON):
        while await opened(made) != wanted:  # noqa: ASYNC110 - another process decides
            await asyncio.sleep(0.05)
