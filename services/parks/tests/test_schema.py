"""The models and the migration history describe the same database."""

import asyncpg
import pytest
from parks.main import MIGRATIONS
from servicekit.testing.databases import ServiceDatabase


@pytest.fixture(scope="module")
def database(service_database) -> ServiceDatabase:
    return service_database("parks")


def test_the_models_agree_with_the_migrations(database: ServiceDatabase) -> None:
    MIGRATIONS.check(database.migrator_url)


def test_the_history_can_be_walked_back_and_forth(empty_database) -> None:
    url = empty_database("parks").migrator_url
    MIGRATIONS.upgrade(url)
    MIGRATIONS.downgrade(url, "base")
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)


@pytest.mark.parametrize("table", ["audit_entry", "park_grade"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
async def test_what_is_noted_for_good_cannot_be_touched(
    database: ServiceDatabase, table: str, statement: str
) -> None:
    connection = await asyncpg.connect(database.app_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement.format(table))
    finally:
        await connection.close()
