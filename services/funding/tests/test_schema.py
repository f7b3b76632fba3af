"""The migrations lead to the models and back, and the database guards its books by itself."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from funding.main import MIGRATIONS
from servicekit.testing.databases import ServiceDatabase

POSTED = "VALUES ($1, 2026, $2, 'approval', $3, 'budget', $3, 'x', now(), now())"
ENTRY = (
    "INSERT INTO journal_entry (id, fiscal_year, number, kind, budget_id, source_type, source_id,"
    f" posted_by, occurred_on, posted_at) {POSTED}"
)
# One line: 90 yuan approved and appropriated, 50 and 40 of it promised, 50 taken back, 40 paid.
BOOKS_OF_0005 = """
INSERT INTO fiscal_year VALUES (2025, 0, 0, 0, 1, now(), now());
INSERT INTO fund
 VALUES ('f', 'p', 'f', 'f', 'special', 'f', 'f', 'u', true, NULL, 1, now(), now());
INSERT INTO budget VALUES (gen_random_uuid(), 'f', 2025, 'l', 90, 'approved', 'a', 'b', 'd', 90, 40,
 40, 1, now(), now());
INSERT INTO account SELECT gen_random_uuid(), id, 'f', 2025, stage, 0, 0, now()
 FROM budget,
 unnest(ARRAY['authority', 'approved', 'appropriated', 'committed', 'disbursed']) stage;
INSERT INTO journal_counter VALUES (2025, 6);
WITH steps AS (SELECT * FROM (VALUES
 (1, 'approval', 'authority', 'approved', 90, '2024-12-20'),
 (2, 'appropriation', 'approved', 'appropriated', 90, '2025-01-05'),
 (3, 'commitment', 'appropriated', 'committed', 50, '2025-04-01'),
 (4, 'reversal', 'committed', 'appropriated', 50, '2025-04-02'),
 (5, 'commitment', 'appropriated', 'committed', 40, '2025-04-03'),
 (6, 'disbursement', 'committed', 'disbursed', 40, '2025-04-30')
 ) s (n, kind, source, target, y, day)
), entries AS (
 INSERT INTO journal_entry
 SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, 2025, n, kind,
  b.id, 'x', b.id, CASE WHEN n = 4 THEN '00000000-0000-7000-8000-000000000003'::uuid END, NULL,
  NULL, 'a', day::date + interval '4 hours' FROM steps, budget b
)
INSERT INTO journal_line
SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, side, a.id,
 CASE side WHEN 1 THEN y ELSE 0 END, CASE side WHEN 1 THEN 0 ELSE y END
FROM steps, generate_series(1, 2) side, account a
WHERE a.stage = CASE side WHEN 1 THEN target ELSE source END;
"""
LINE = (
    "INSERT INTO journal_line (entry_id, line_no, account_id, debit, credit, number, debit_total,"
    " credit_total) VALUES ($1, $2, $3, $4, $5, $6, 0, 0)"
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


async def test_books_of_the_releases_before_are_taken_along(
    house: Any, empty_database: Callable[[str], ServiceDatabase]
) -> None:
    stored = empty_database("funding")
    await asyncio.to_thread(MIGRATIONS.upgrade, stored.migrator_url, "0005")
    connection = await asyncpg.connect(stored.superuser_url)
    await connection.execute(BOOKS_OF_0005)
    await asyncio.to_thread(MIGRATIONS.upgrade, stored.migrator_url)
    assert await connection.fetch(house.UNLIKE_A_REPLAY) == []
    months = await connection.fetch(
        "SELECT month, approved, appropriated, committed, disbursed FROM execution_month"
        " ORDER BY month"
    )
    assert [tuple(row) for row in months] == [(1, 90, 90, 0, 0), (4, 0, 0, 40, 40)]
    stages = await connection.fetch("SELECT DISTINCT stage FROM account")
    assert "refunded" in {row["stage"] for row in stages}
    await connection.close()


@pytest.mark.parametrize(
    "table",
    [
        "journal_entry",
        "journal_line",
        "audit_entry",
        "audit_seal",
        "audit_checkpoint",
        "appropriation",
        "eligibility_result",
    ],
)
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
async def test_the_service_cannot_change_what_was_noted(house: Any, table: str, verb: str) -> None:
    own = {"journal_line": "line_no", "audit_seal": "seq", "audit_checkpoint": "seq"}
    column = own.get(table, "id")
    connection = await asyncpg.connect(house.stored.app_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(verb.format(table, column))
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["journal_entry", "journal_line"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
async def test_nobody_at_all_changes_what_was_booked(house: Any, table: str, verb: str) -> None:
    """Not even who owns the tables."""
    column = "line_no" if table == "journal_line" else "id"
    cascade = " CASCADE" if "TRUNCATE" in verb else ""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added to"):
        await house.rows(verb.format(table, column) + cascade)


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
                await connection.execute(LINE, entry, line, account, *amounts, -line)
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


SAME_HANDS = {
    "agreement": "signed_by = offered_by",
    "tranche": "accepted_by = reported_by",
    "review": "expert = assigned_by",
    "application": "decided_by = submitted_by",
    "objection": "settled_by = raised_by",
    "acceptance": "concluded_by = submitted_by",
}


@pytest.mark.parametrize("table", SAME_HANDS)
async def test_the_database_keeps_both_sides_apart(house: Any, programme: Any, table: str) -> None:
    call = await programme.a_call("open")
    await programme.reviewed(call["id"], "maizier-sugar", "80")
    call = await programme.until(call, "announced")
    notice = await programme.notice_of(call)
    body = {"notice_id": notice["id"], "objector_unit": "maizier-sugar", "reason": "r"}
    row = await house.made("enterprise", "/objections", body)
    settled = {"upheld": False, "answer": "a"}
    await programme.step("office", "objections", row, "settle", settled)
    (tranche,) = await programme.signed(await house.award("10.00"), "10.00")
    await programme.accepted_tranche(tranche, "maizier-sugar")
    await programme.acceptance(await house.award("10.00"), "passed")
    with pytest.raises(asyncpg.CheckViolationError):
        await house.rows(f"UPDATE {table} SET {SAME_HANDS[table]}")


@pytest.mark.parametrize("change", ["drawn = amount + 0.01", "drawn = -0.01", "state = 'open'"])
async def test_the_database_refuses_an_overdrawn_tranche(
    house: Any, programme: Any, change: str
) -> None:
    (tranche,) = await programme.signed(await house.award("10.00"), "10.00")
    await programme.accepted_tranche(tranche, "maizier-sugar")
    with pytest.raises(asyncpg.CheckViolationError):
        await house.rows(f"UPDATE tranche SET {change} WHERE id = $1", tranche["id"])
