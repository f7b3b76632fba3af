"""Free money is taken into the next year by a document."""

from typing import Any

import pytest_asyncio

PATH = "/carry-overs"
YEAR = 2022


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def years(house: Any) -> None:
    for year in (YEAR, YEAR + 1):
        await house.year(year)


async def test_free_money_goes_into_a_line_that_is_made_for_it(house: Any) -> None:
    budget = await house.appropriated("100.00", year=YEAR, line="made-for-it")
    await house.award("60.00", budget=budget["id"])
    carried = {"budget_id": budget["id"], "document_no": "结〔2022〕1号"}
    over = await house.decide(PATH, await house.drawn_up(PATH, **carried, amount="40.01"))
    assert (over.status_code, over.json()["code"]) == (409, "insufficient_funds")
    await house.bus.since_now()
    row = await house.decided(PATH, **carried, amount="30.00")
    (told,) = await house.bus.events("carry_over.approved")
    assert (told.data["to_budget_id"], told.data["to_year"]) == (row["to_budget_id"], YEAR + 1)
    assert (told.data["amount"], told.data["document_no"]) == ("30.00", "结〔2022〕1号")
    now, following = await house.line(budget["id"]), await house.line(row["to_budget_id"])
    assert (now["carried_over"], now["available"]) == ("30.00", "10.00")
    assert (following["fiscal_year"], following["line"]) == (YEAR + 1, "made-for-it")
    totals = ("amount", "appropriated", "committed", "available", "carried_in")
    assert [following[name] for name in totals] == ["30.00", "30.00", "0.00", "30.00", "30.00"]
    entries = await house.get("auditor", f"/journal-entries?source_id={row['id']}")
    assert {(e["kind"], e["fiscal_year"]) for e in entries.json()["items"]} == {
        ("carry_over", YEAR),
        ("carry_over", YEAR + 1),
    }
    await house.books_balance()


async def test_what_was_carried_over_is_promised_in_its_new_year_only(house: Any) -> None:
    budget = await house.appropriated("10.00", year=YEAR)
    carried = {"budget_id": budget["id"], "document_no": "n", "amount": "10.00"}
    row = await house.decided(PATH, **carried)
    body = {"payee_unit": "st-bureau", "title": "t", "amount": "10.00"}
    refused = await house.post("office", "/awards", {**body, "budget_id": budget["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_funds")
    await house.award("10.00", budget=row["to_budget_id"])
    await house.books_balance()


async def test_it_joins_the_line_that_is_there_but_no_draft(house: Any) -> None:
    first = await house.appropriated("10.00", year=YEAR, line="joined")
    there = await house.approved("5.00", year=YEAR + 1, line="joined")
    carried = {"document_no": "n", "amount": "4.00"}
    row = await house.decided(PATH, **carried, budget_id=first["id"])
    assert row["to_budget_id"] == there["id"]
    assert (await house.line(there["id"]))["amount"] == "9.00"
    second = await house.appropriated("10.00", year=YEAR, line="waiting")
    await house.draft("5.00", year=YEAR + 1, line="waiting")
    refused = await house.decide(
        PATH, await house.drawn_up(PATH, **carried, budget_id=second["id"])
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "line_is_draft")
    await house.books_balance()
