"""Every way in which the driver says that the server is gone."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from servicekit.db import Database, is_lost_connection
from servicekit.http.errors import from_database
from servicekit.messaging.errors import is_passing
from servicekit.messaging.postgres import LOST
from servicekit.problems import Unavailable
from servicekit.testing.databases import ServiceDatabase
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

DRIVER_ERRORS = [
    ConnectionResetError("reset by peer"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    # What is raised when the server's farewell was read before the connection was used again.
    asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
]


@pytest.mark.parametrize("error", DRIVER_ERRORS, ids=lambda error: type(error).__name__)
def test_a_vanished_server_is_unavailable_and_passing(error: Exception) -> None:
    wrapped = DBAPIError("COMMIT", None, error)
    for each in (error, wrapped):
        assert is_lost_connection(each)
        assert is_passing(each)
        assert isinstance(from_database(each), Unavailable)
    assert isinstance(error, LOST)


async def test_the_first_caller_after_an_outage_does_not_pay_for_it(
    empty_database: Callable[..., ServiceDatabase],
) -> None:
    made = empty_database()
    async with Database(made.app_url, pool_size=2) as database:
        async with database.session() as session:
            await session.execute(text("SELECT 1"))
            await database.fetch("SELECT 1", ())
        await end_all_connections(made)
        async with database.session() as session:
            assert await session.scalar(text("SELECT 1")) == 1
        assert len(await database.fetch("SELECT 1", ())) == 1


async def end_all_connections(database: ServiceDatabase) -> None:
    """What a restart of the server does to connections that wait in a pool."""
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    await asyncio.sleep(0.1)
