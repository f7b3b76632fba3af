"""Appropriations over HTTP."""

import asyncio
from typing import Any


async def test_money_is_appropriated_up_to_the_budget_and_told(house: Any) -> None:
    budget = await house.approved("100.00")
    await house.bus.since_now()
    made = await house.made(
        "finance_maker", "/appropriations", house.appropriation_body(budget["id"], "99.99")
    )
    (told,) = await house.bus.events("appropriation.made", f"appropriation:{made['id']}")
    assert (told.data["amount"], told.data["fund_code"]) == ("99.99", "transfer-fund")
    over = await house.post(
        "finance_maker", "/appropriations", house.appropriation_body(budget["id"], "0.02")
    )
    assert (over.status_code, over.json()["code"]) == (409, "insufficient_funds")
    assert "0.01 yuan available" in over.json()["detail"]
    exactly = house.appropriation_body(budget["id"], "0.01")
    await house.made("finance_maker", "/appropriations", exactly)
    read = (await house.get("office", f"/budgets/{budget['id']}")).json()
    assert (read["appropriated"], read["available"]) == ("100.00", "100.00")
    await house.books_balance()


async def test_a_draft_gets_nothing(house: Any) -> None:
    draft = await house.draft("10.00")
    body = house.appropriation_body(draft["id"], "1.00")
    response = await house.post("finance_maker", "/appropriations", body)
    assert (response.status_code, response.json()["code"]) == (409, "budget_not_approved")


async def test_an_unknown_budget_is_named(house: Any) -> None:
    body = house.appropriation_body("01900000-0000-7000-8000-000000000000", "1.00")
    response = await house.post("finance_maker", "/appropriations", body)
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")


async def test_the_same_key_appropriates_once(house: Any) -> None:
    budget = await house.approved("100.00")
    body = house.appropriation_body(budget["id"], "10.00")
    calls = [house.post("finance_maker", "/appropriations", body, key="k-1") for _ in range(5)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    read = (await house.get("office", f"/budgets/{budget['id']}")).json()
    assert read["appropriated"] == "10.00"
    other = await house.post(
        "finance_maker", "/appropriations", {**body, "amount": "11.00"}, key="k-1"
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_only_makers_appropriate(house: Any) -> None:
    budget = await house.approved("10.00")
    body = house.appropriation_body(budget["id"], "1.00")
    for role in ("office", "finance_checker", "finance_payer", "enterprise", "auditor"):
        assert (await house.post(role, "/appropriations", body)).status_code == 403, role
    listed = await house.get("auditor", f"/appropriations?budget_id={budget['id']}")
    assert listed.json()["items"] == []
