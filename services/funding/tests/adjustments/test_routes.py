"""A line's amount is raised and cut by documents."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest

PATH = "/adjustments"
MANY = 64


async def draft(house: Any, budget: str, amount: str) -> dict[str, Any]:
    return await house.drawn_up(
        PATH, budget_id=budget, amount=amount, document_no="新财预〔2026〕30号"
    )


async def test_a_line_is_raised_booked_and_told(house: Any) -> None:
    budget = await house.approved("100.00")
    await house.bus.since_now()
    row = await draft(house, budget["id"], "20.00")
    assert (row["state"], row["fund_code"], row["fiscal_year"]) == ("draft", "transfer-fund", 2026)
    row = (await house.decide(PATH, row)).json()
    assert (row["state"], row["decided_by"]) == ("approved", "test-finance_checker")
    assert (await house.line(budget["id"]))["amount"] == "120.00"
    entries = await house.get("auditor", f"/journal-entries?source_id={row['id']}")
    (entry,) = entries.json()["items"]
    assert (entry["kind"], entry["document_no"]) == ("adjustment", "新财预〔2026〕30号")
    (told,) = await house.bus.events("adjustment.approved", f"adjustment:{row['id']}")
    assert (told.data["amount"], told.data["budget_id"]) == ("20.00", budget["id"])
    await house.books_balance()


async def test_a_cut_stops_at_what_is_appropriated(house: Any) -> None:
    budget = await house.approved("100.00")
    await house.made(
        "finance_maker", "/appropriations", house.appropriation_body(budget["id"], "60.00")
    )
    row = await draft(house, budget["id"], "-40.01")
    refused = await house.decide(PATH, row)
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_funds")
    assert "40.00 yuan available, 40.01 yuan needed" in refused.json()["detail"]
    assert (await house.get("auditor", f"{PATH}/{row['id']}")).json() == row, "it is still a draft"
    cut = await draft(house, budget["id"], "-40.00")
    assert (await house.decide(PATH, cut)).status_code == 200
    assert (await house.line(budget["id"]))["amount"] == "60.00"
    await house.books_balance()


async def test_a_line_can_be_cut_to_nothing_and_raised_again(house: Any) -> None:
    budget = await house.approved("5.00")
    for amount in ("-5.00", "7.00"):
        await house.decide(PATH, await draft(house, budget["id"], amount))
    assert (await house.line(budget["id"]))["amount"] == "7.00"
    await house.books_balance()


@pytest.mark.parametrize("step", ["approve", "reject"])
async def test_the_maker_decides_nothing(house: Any, step: str) -> None:
    row = await draft(house, (await house.approved("1.00"))["id"], "1.00")
    refused = await house.decide(PATH, row, step, sub="test-finance_maker")
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")


@pytest.mark.parametrize(("step", "state"), [("reject", "rejected"), ("withdraw", "withdrawn")])
async def test_what_is_not_approved_moves_nothing(house: Any, step: str, state: str) -> None:
    budget = await house.approved("1.00")
    row = await draft(house, budget["id"], "1.00")
    done = (await house.decide(PATH, row, step)).json()
    assert (done["state"], done["refusal"]) == (state, "r")
    again = await house.decide(PATH, done)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    assert (await house.line(budget["id"]))["amount"] == "1.00"


@pytest.mark.parametrize(
    "amount", ["0", "0.00", "-0", "1.001", 5, "", "1e3", "10000000000000000000"]
)
async def test_what_is_no_change_is_refused(house: Any, amount: Any) -> None:
    budget = await house.approved("1.00")
    body = {"budget_id": budget["id"], "amount": amount, "document_no": "n", "reason": "r"}
    refused = await house.post("finance_maker", PATH, body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/amount")


async def test_only_an_approved_line_that_is_there_is_adjusted(house: Any) -> None:
    body = {"amount": "1.00", "document_no": "n", "reason": "r"}
    draft_line = await house.draft("1.00")
    early = await house.post("finance_maker", PATH, {**body, "budget_id": draft_line["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "budget_not_approved")
    nowhere = {**body, "budget_id": "01900000-0000-7000-8000-000000000000"}
    unknown = await house.post("finance_maker", PATH, nowhere)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")


async def test_a_line_stays_within_what_a_number_can_hold(house: Any) -> None:
    most = "999999999999999999.99"
    budget = await house.approved(most)
    row = await draft(house, budget["id"], "0.01")
    assert (await house.decide(PATH, row)).status_code == 422
    assert (await house.line(budget["id"]))["amount"] == most


async def test_64_cuts_and_appropriations_at_once_never_cross(house: Any) -> None:
    """Whatever is left when the cuts and the money meet, nothing is appropriated twice."""
    budget = await house.approved("40.00")
    rows = [await draft(house, budget["id"], "-1.00") for _ in range(MANY // 2)]
    body = house.appropriation_body(budget["id"], "1.00")
    cuts = [partial(house.decide, PATH, row) for row in rows]
    money = [partial(house.post, "finance_maker", "/appropriations", body)] * (MANY // 2)
    answers = await asyncio.gather(*map(house.insist, [*cuts, *money]))
    codes = Counter("ok" if a.is_success else a.json()["code"] for a in answers)
    assert codes == {"ok": 40, "insufficient_funds": 24}
    now = await house.line(budget["id"])
    assert now["amount"] == now["appropriated"]
    await house.books_balance()
