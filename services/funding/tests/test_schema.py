"""The migrations lead to the models and back, and the database guards its books by itself."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from funding.main import MIGRATIONS
from servicekit.testing.databases import ServiceDatabase

POSTED = "VALUES ($1, 2026, $2, 'approval', $3, 'budget', $3, 'x', now())"
ENTRY = (
    "INSERT INTO journal_entry (id, fiscal_year, number, kind, budget_id, source_type, source_id,"
    f" posted_by, posted_at) {POSTED}"
)
LINE = (
    "INSERT INTO journal_line (entry_id, line_no, account_id, debit, credit)"
    " VALUES ($1, $2, $3, $4, $5)"
)


def test_the_history_ends_where_the_models_are(
    empty_database: Callable[[str], ServiceDatabase],
) -> None:
    url = empty_database("funding").migrator_url
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)
    MIGRATIONS.downgrade(url, "base")
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)


@pytest.mark.parametrize("table", ["journal_entry", "journal_line", "audit_entry", "appropriation"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
async def test_the_service_cannot_change_what_was_noted(house: Any, table: str, verb: str) -> None:
    column = "line_no" if table == "journal_line" else "id"
    connection = await asyncpg.connect(house.stored.app_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(verb.format(table, column))
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("number", "sides"),
    [
        (1, [("10.00", "0"), ("0", "9.99")]),
        (1, [("10.00", "0")]),
        (1, []),
        (5, [("10.00", "0"), ("0", "10.00")]),
    ],
    ids=["unbalanced", "one line", "no line", "a gap in the numbers"],
)
async def test_the_database_refuses_an_entry_that_is_none(
    house: Any, number: int, sides: list[tuple[str, str]]
) -> None:
    budget = await house.approved("100.00")
    (account,) = await house.rows(
        "SELECT id FROM account WHERE budget_id = $1 AND stage = 'approved'", budget["id"]
    )
    (last,) = await house.rows("SELECT max(number) AS number FROM journal_entry")
    with pytest.raises(asyncpg.CheckViolationError):
        await post(house, budget["id"], last["number"] + number, account["id"], sides)
    await house.books_balance()


async def post(
    house: Any, budget: str, number: int, account: UUID, sides: list[tuple[str, str]]
) -> None:
    """Write an entry by hand, as the service's own role could."""
    connection = await asyncpg.connect(house.stored.app_url)
    try:
        async with connection.transaction():
            entry = uuid4()
            await connection.execute(ENTRY, entry, number, UUID(budget))
            for line, (debit, credit) in enumerate(sides):
                amounts = (Decimal(debit), Decimal(credit))
                await connection.execute(LINE, entry, line, account, *amounts)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "checked_by = made_by",
        "checked_by = 'second', paid_by = made_by",
        "checked_by = 'second', paid_by = 'second'",
    ],
)
async def test_the_database_keeps_the_three_hands_apart(house: Any, change: str) -> None:
    award = await house.award("10.00")
    row = await house.asked(award["id"], "10.00")
    with pytest.raises(asyncpg.CheckViolationError):
        await house.rows(f"UPDATE disbursement SET {change} WHERE id = $1", row["id"])


@pytest.mark.parametrize(
    "change",
    ["appropriated = amount + 0.01", "committed = appropriated + 0.01", "disbursed = 0.01"],
)
async def test_the_database_refuses_an_overdrawn_line(house: Any, change: str) -> None:
    budget = await house.approved("10.00")
    with pytest.raises(asyncpg.CheckViolationError):
        await house.rows(f"UPDATE budget SET {change} WHERE id = $1", budget["id"])
