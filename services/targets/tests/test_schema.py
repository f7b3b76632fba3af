"""The migrations lead to the models and back, and leave the records append-only."""

from collections.abc import Callable

import asyncpg
import pytest
from servicekit.testing.databases import ServiceDatabase
from targets.main import MIGRATIONS


def test_the_history_ends_where_the_models_are(
    empty_database: Callable[[str], ServiceDatabase],
) -> None:
    url = empty_database("targets").migrator_url
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)
    MIGRATIONS.downgrade(url, "base")
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)


OWN = {
    "roll_up_past": "actual",
    "unit_move": "parent",
    "audit_seal": "seq",
    "audit_checkpoint": "seq",
}
"""A column of those without an id."""


@pytest.mark.parametrize(
    "table",
    [
        "audit_entry",
        "audit_seal",
        "audit_checkpoint",
        "observation",
        "target_revision",
        "target_value",
        "period_action",
        "report_action",
        "assignment_revision",
        "restatement",
        "conflict_argument",
        "roll_up_past",
        "unit_move",
    ],
)
async def test_the_application_cannot_rewrite(
    table: str, service_database: Callable[[str], ServiceDatabase]
) -> None:
    connection = await asyncpg.connect(service_database("targets").app_url)
    try:
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"UPDATE {table} SET {OWN.get(table, 'id')} = DEFAULT")
    finally:
        await connection.close()
