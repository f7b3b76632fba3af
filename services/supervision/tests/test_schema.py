"""The migrations make exactly what the models say, and can be undone."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from servicekit.testing.databases import ServiceDatabase
from supervision.main import MIGRATIONS


def test_models_and_migrations_agree(empty_database: Callable[[str], ServiceDatabase]) -> None:
    url = empty_database("supervision").migrator_url
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)
    MIGRATIONS.downgrade(url, "base")
    MIGRATIONS.upgrade(url)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_item_step SET note = 'x'",
        "DELETE FROM supervision_item_step",
        "DELETE FROM supervision_item",
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
    ],
)
def test_the_record_can_only_be_added_to(
    service_database: Callable[[str], ServiceDatabase], statement: str
) -> None:
    async def attempt() -> None:
        connection = await asyncpg.connect(service_database("supervision").app_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(attempt())
