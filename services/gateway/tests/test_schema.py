"""The migrations lead to the models and back, and the trail can only be added to."""

from collections.abc import Callable

import asyncpg
import pytest
from gateway.main import MIGRATIONS
from servicekit.testing.databases import ServiceDatabase


def test_the_history_ends_where_the_models_are(
    empty_database: Callable[[str], ServiceDatabase],
) -> None:
    url = empty_database("gateway").migrator_url
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)
    MIGRATIONS.downgrade(url, "base")
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_checkpoint"])
async def test_the_trail_can_only_be_added_to(
    table: str, service_database: Callable[[str], ServiceDatabase]
) -> None:
    connection = await asyncpg.connect(service_database("gateway").app_url)
    try:
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
