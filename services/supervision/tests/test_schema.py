"""The migrations make exactly what the models say, and can be undone."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from servicekit import migrations
from servicekit.testing.databases import ServiceDatabase
from sqlalchemy.exc import DBAPIError
from supervision.main import MIGRATIONS


def test_models_and_migrations_agree(empty_database: Callable[[str], ServiceDatabase]) -> None:
    url = empty_database("supervision").migrator_url
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)
    MIGRATIONS.downgrade(url, "base")
    MIGRATIONS.upgrade(url)


async def test_a_step_that_did_not_get_its_locks_is_taken_again_whole(
    empty_database: Callable[[str], ServiceDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that is built beside the running system waits for every older reader, whatever it
    reads, and is not part of the transaction that its step is."""
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(migrations, "TRIES", 1)
    database = empty_database("supervision")
    await asyncio.to_thread(MIGRATIONS.upgrade, database.migrator_url, "0012")
    report = await asyncpg.connect(database.superuser_url)
    try:
        async with report.transaction(isolation="repeatable_read"):
            await report.fetch("SELECT 1")
            with pytest.raises(DBAPIError, match="lock timeout"):
                await asyncio.to_thread(MIGRATIONS.upgrade, database.migrator_url, "0013")
    finally:
        await report.close()
    await asyncio.to_thread(MIGRATIONS.upgrade, database.migrator_url)
    await asyncio.to_thread(MIGRATIONS.check, database.migrator_url)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_item_step SET note = 'x'",
        "DELETE FROM supervision_item_step",
        "DELETE FROM supervision_item",
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE audit_seal SET seq = seq",
        "DELETE FROM audit_seal",
        "UPDATE audit_checkpoint SET seq = seq",
        "DELETE FROM audit_checkpoint",
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
