"""The journal over HTTP: read only, gapless, in order."""

import asyncio
from typing import Any

import asyncpg
from funding.journal.service import watch_balance
from prometheus_client import REGISTRY


async def test_every_step_of_the_money_can_be_followed(house: Any) -> None:
    award = await house.award("70.00")
    await house.paid(award["id"], "20.00")
    path = f"/journal-entries?budget_id={award['budget_id']}&sort=number"
    entries = (await house.get("auditor", path)).json()["items"]
    assert [entry["kind"] for entry in entries] == [
        "approval",
        "appropriation",
        "commitment",
        "disbursement",
    ]
    assert [entry["posted_by"] for entry in entries] == [
        "test-finance_checker",
        "test-finance_maker",
        "test-office",
        "test-finance_payer",
    ]
    one = (await house.get("leader", f"/journal-entries/{entries[-1]['id']}")).json()
    assert one == entries[-1]
    accounts = (await house.get("auditor", f"/accounts?budget_id={award['budget_id']}")).json()
    assert {each["stage"]: each["balance"] for each in accounts["items"]} == {
        "authority": "-70.00",
        "approved": "0.00",
        "appropriated": "0.00",
        "committed": "50.00",
        "disbursed": "20.00",
        "refunded": "0.00",
    }
    assert [entry["occurred_on"] for entry in entries if entry["kind"] == "disbursement"] == [
        "2026-04-10"
    ]


async def test_numbers_have_no_gap_although_many_post_and_some_fail(house: Any) -> None:
    budgets = [await house.approved("3.00") for _ in range(4)]
    calls = [
        house.post(
            "finance_maker", "/appropriations", house.appropriation_body(budget["id"], "1.00")
        )
        for budget in budgets
        for _ in range(5)
    ]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*calls))
    assert codes == [201] * 12 + [409] * 8
    rows = await house.rows(
        "SELECT number, posted_at FROM journal_entry WHERE fiscal_year = 2026 ORDER BY number"
    )
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    times = [row["posted_at"] for row in rows]
    assert times == sorted(times)
    await house.books_balance()


async def test_each_year_counts_by_itself(house: Any) -> None:
    await house.year(2050)
    await house.approved("1.00", year=2050)
    listed = (await house.get("auditor", "/journal-entries?fiscal_year=2050")).json()
    assert [entry["number"] for entry in listed["items"]] == [1]


async def test_pages_follow_each_other_without_loss(house: Any) -> None:
    for _ in range(5):
        await house.approved("1.00")
    whole = (await house.get("auditor", "/journal-entries?limit=200&kind=approval")).json()
    seen, path = [], "/journal-entries?limit=2&kind=approval"
    cursor = ""
    while cursor is not None:
        page = (await house.get("auditor", path + (f"&cursor={cursor}" if cursor else ""))).json()
        seen += [entry["id"] for entry in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [entry["id"] for entry in whole["items"]]


async def test_the_books_are_not_for_everybody(house: Any) -> None:
    for role in ("enterprise", "unit_reporter", "park_admin", "group_lead", "ops"):
        assert (await house.get(role, "/journal-entries")).status_code == 403
        assert (await house.get(role, "/accounts")).status_code == 403
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        refused = await house.call("office", method, "/journal-entries", {})
        assert refused.status_code == 405


async def test_prometheus_is_told_that_the_books_balance_and_when_they_do_not(house: Any) -> None:
    def told() -> float | None:
        name = {"fiscal_year": "2026"}
        return REGISTRY.get_sample_value("kechuang_journal_imbalance_yuan", name)

    await house.award("3.00")
    async with house.database.session() as session:
        await watch_balance(session)
    assert told() == 0
    # As nobody can through the service: a line changed past every trigger, and back.
    past = {"session_replication_role": "replica"}
    connection = await asyncpg.connect(house.stored.superuser_url, server_settings=past)
    for change, imbalance in (("0.01", 0.01), ("-0.01", 0)):
        await connection.execute(
            f"UPDATE journal_line SET debit = debit + {change} WHERE number = 1 AND debit > 0"
            " AND entry_id IN (SELECT id FROM journal_entry WHERE fiscal_year = 2026)"
        )
        async with house.database.session() as session:
            await watch_balance(session)
        assert told() == imbalance
    await connection.close()
