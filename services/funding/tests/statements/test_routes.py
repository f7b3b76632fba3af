"""Statements and the trial balance over HTTP, against a replay of the journal."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

REPLAY = """
SELECT e.number, l.debit, l.credit, e.posted_at FROM journal_line l
JOIN journal_entry e ON e.id = l.entry_id WHERE l.account_id = $1 ORDER BY e.number
"""
ALL = """
SELECT l.account_id, sum(l.debit) AS debit, sum(l.credit) AS credit FROM journal_line l
JOIN journal_entry e ON e.id = l.entry_id WHERE e.posted_at < $1 GROUP BY 1
"""
MOST = "9999999999999999.99"
DAYS = [date(2028, month, day) for month in (1, 2, 3) for day in (1, 15, 28)]


async def moved(house: Any) -> dict[str, Any]:
    """A line on which a little of everything has happened."""
    award = await house.award("70.00")
    await house.paid(award["id"], "20.00")
    row = await house.paid(award["id"], "5.00")
    await house.step("finance_payer", row, "result", {"outcome": "returned", "reason": "r"})
    return (await house.get("auditor", f"/budgets/{award['budget_id']}")).json()


async def account(house: Any, budget: str, stage: str) -> dict[str, Any]:
    path = f"/accounts?budget_id={budget}&stage={stage}"
    (found,) = (await house.get("auditor", path)).json()["items"]
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def days(house: Any) -> str:
    """An account that was moved on known days at random hours; its id. The times are set from
    outside, where nobody is held to append only."""
    await house.year(2028)
    budget = await house.approved("900.00", year=2028)
    for _ in range(60):
        body = house.appropriation_body(budget["id"], "10.00")
        await house.made("finance_maker", "/appropriations", body)
    dice = random.Random(46)
    numbers = await house.rows(
        "SELECT number FROM journal_entry WHERE fiscal_year = 2028 ORDER BY number"
    )
    first = datetime(2028, 1, 1, tzinfo=UTC)
    seconds = sorted(dice.randrange(90 * 86400) for _ in numbers)
    connection = await asyncpg.connect(
        house.stored.superuser_url, server_settings={"session_replication_role": "replica"}
    )
    for row, after in zip(numbers, seconds, strict=True):
        await connection.execute(
            "UPDATE journal_entry SET posted_at = $2 WHERE fiscal_year = 2028 AND number = $1",
            row["number"],
            first + timedelta(seconds=after),
        )
    await connection.close()
    return (await account(house, budget["id"], "appropriated"))["id"]


async def test_a_statement_says_what_the_account_stood_at_after_each_entry(house: Any) -> None:
    budget = await moved(house)
    found = await account(house, budget["id"], "committed")
    answer = (await house.get("auditor", f"/accounts/{found['id']}/statement")).json()
    assert [(line["kind"], line["balance"]) for line in answer["items"]] == [
        ("commitment", "70.00"),
        ("disbursement", "50.00"),
        ("disbursement", "45.00"),
        ("reversal", "50.00"),
    ]
    assert (answer["opening_balance"], answer["closing_balance"]) == ("0.00", "50.00")
    assert (answer["debit_total"], answer["credit_total"]) == ("75.00", "25.00")
    assert (answer["stage"], answer["fund_code"]) == ("committed", "transfer-fund")
    assert answer["items"][1]["occurred_on"] == "2026-04-10"


@pytest.mark.parametrize("first", DAYS)
@pytest.mark.parametrize("last", DAYS)
async def test_from_any_day_to_any_day_it_is_a_replay(
    house: Any, days: str, first: date, last: date
) -> None:
    path = f"/accounts/{days}/statement?from={first}&to={last}&limit=200"
    answer = await house.get("auditor", path)
    if first > last:
        assert (answer.status_code, answer.json()["code"]) == (422, "dates_reversed")
        return
    china = timedelta(hours=8)
    balance, shown = Decimal(0), []
    body = answer.json()
    opening = Decimal(0)
    for row in await house.rows(REPLAY, days):
        day = (row["posted_at"] + china).date()
        if day > last:
            break
        balance += row["debit"] - row["credit"]
        if day < first:
            opening = balance
        else:
            shown.append((row["number"], f"{balance:.2f}"))
    assert [(line["number"], line["balance"]) for line in body["items"]] == shown
    assert body["opening_balance"] == f"{opening:.2f}"
    assert body["closing_balance"] == f"{balance:.2f}"
    turned = Decimal(body["debit_total"]) - Decimal(body["credit_total"])
    assert opening + turned == balance


async def test_pages_of_a_statement_follow_each_other_both_ways(house: Any, days: str) -> None:
    path = f"/accounts/{days}/statement?from=2028-01-15"
    whole = (await house.get("auditor", f"{path}&limit=200&include_total=true")).json()
    assert whole["total"] == len(whole["items"])
    for sort in ("number", "-number"):
        seen: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = (await house.get("auditor", f"{path}&limit=7&sort={sort}{more}")).json()
            seen += page["items"]
            assert page["closing_balance"] == whole["closing_balance"]
            cursor = page["next_cursor"]
        assert seen == whole["items"][:: -1 if sort.startswith("-") else 1]


async def test_a_statement_is_a_file_as_well(house: Any, days: str) -> None:
    path = f"/accounts/{days}/statement"
    answer = await house.get("auditor", path, headers={"Accept": "text/csv"})
    shown = (await house.get("auditor", f"{path}?limit=200")).json()["items"]
    assert len(answer.text.strip().splitlines()) == len(shown) + 1


async def test_the_largest_amount_goes_through_the_books_to_the_fen(house: Any) -> None:
    await moved(house)
    budget = await house.appropriated(MOST)
    found = await account(house, budget["id"], "authority")
    answer = (await house.get("auditor", f"/accounts/{found['id']}/statement")).json()
    assert answer["closing_balance"] == f"-{MOST}"
    assert answer["items"][0]["credit"] == MOST
    rows = (await house.get("auditor", f"/trial-balance?budget_id={budget['id']}")).json()
    assert {row["stage"]: row["balance"] for row in rows["items"]} == {
        "authority": f"-{MOST}",
        "approved": "0.00",
        "appropriated": MOST,
    }
    assert rows["debit_total"] == rows["credit_total"] == "19999999999999999.98"
    await house.books_balance()


@pytest.mark.parametrize("day", [*DAYS, None])
async def test_the_trial_balance_of_any_day_is_a_replay(
    house: Any, days: str, day: date | None
) -> None:
    """Without a day it is of everything that is booked, also of what has its time ahead of the
    clock of the process that is asked: the database's may be."""
    await moved(house)
    before = datetime.max.replace(tzinfo=UTC)
    if day is not None:
        before = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    path = "/trial-balance?limit=200" + ("" if day is None else f"&as_of={day}")
    rows: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await house.get("auditor", path + (f"&cursor={cursor}" if cursor else ""))).json()
        rows += page["items"]
        assert page["debit_total"] == page["credit_total"], "whole lines are in balance"
        cursor = page["next_cursor"]
    replayed = {
        (str(r["account_id"]), f"{r['debit']:.2f}", f"{r['credit']:.2f}")
        for r in await house.rows(ALL, before)
    }
    assert {(r["id"], r["debit_total"], r["credit_total"]) for r in rows} == replayed
    assert rows or day is not None


async def test_the_trial_balance_is_narrowed(house: Any) -> None:
    budget = await moved(house)
    path = f"/trial-balance?budget_id={budget['id']}"
    one = (await house.get("leader", f"{path}&stage=committed")).json()
    assert [(row["stage"], row["balance"]) for row in one["items"]] == [("committed", "50.00")]
    for narrow in ("fiscal_year=2099", "fund_code=no-fund", "as_of=2000-01-01"):
        nothing = (await house.get("leader", f"{path}&{narrow}")).json()
        assert (nothing["items"], nothing["debit_total"]) == ([], "0.00"), narrow


@pytest.mark.parametrize("edge", ["0001-01-01", "9999-12-31"])
async def test_the_edges_of_the_calendar_are_days(house: Any, days: str, edge: str) -> None:
    for path in (
        f"/trial-balance?as_of={edge}",
        f"/accounts/{days}/statement?from={edge}",
        f"/accounts/{days}/statement?to={edge}",
    ):
        assert (await house.get("auditor", path)).status_code == 200, path


async def test_the_books_are_not_for_everybody(house: Any, days: str) -> None:
    for role in ("enterprise", "unit_reporter", "park_admin", "group_lead", "ops"):
        assert (await house.get(role, "/trial-balance")).status_code == 403
        assert (await house.get(role, f"/accounts/{days}/statement")).status_code == 403
    nowhere = await house.get("auditor", "/accounts/01900000-0000-7000-8000-000000000000/statement")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
