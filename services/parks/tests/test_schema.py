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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET id = id",
        "DELETE FROM audit_entry",
        "UPDATE audit_seal SET seq = seq",
        "DELETE FROM audit_seal",
        "UPDATE audit_checkpoint SET seq = seq",
        "DELETE FROM audit_checkpoint",
        "UPDATE park_grade SET id = id",
        "DELETE FROM park_grade",
        "DELETE FROM park",
        "DELETE FROM enterprise",
        "DELETE FROM recognition",
        "DELETE FROM operating_return",
        "DELETE FROM park_metric",
        "UPDATE park_grade SET grade = grade",
        "UPDATE park_grade_review SET id = id",
        "DELETE FROM park_grade_review",
        "DELETE FROM grade_criterion",
        "DELETE FROM park_location",
        "DELETE FROM enterprise_standing",
        "DELETE FROM dossier_entry",
        "DELETE FROM return_restatement",
        "DELETE FROM park_return",
        "UPDATE return_reminder SET period = period",
        "DELETE FROM return_reminder",
        "UPDATE return_form SET id = id",
        "DELETE FROM return_form",
        "DELETE FROM return_rule",
        "DELETE FROM return_count",
        "DELETE FROM measure_total",
        "DELETE FROM platform",
        "DELETE FROM technology_contract",
        "DELETE FROM rd_project",
        "DELETE FROM rd_project_result",
        "DELETE FROM achievement",
        "DELETE FROM grade_application",
        "UPDATE grade_application_file SET id = id",
        "UPDATE platform_level SET id = id",
        "DELETE FROM platform_level",
    ],
)
async def test_what_is_noted_for_good_cannot_be_touched(
    database: ServiceDatabase, statement: str
) -> None:
    connection = await asyncpg.connect(database.app_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()
