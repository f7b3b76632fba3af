"""Sixty-four at once: nothing is overspent by a fen, and nothing available is refused."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

MANY = 64


def tally(answers: list[httpx.Response]) -> Counter[str]:
    return Counter("ok" if answer.is_success else answer.json()["code"] for answer in answers)


async def test_64_appropriations_of_one_budget_stop_at_it(house: Any) -> None:
    budget = await house.approved("40.00")
    body = house.appropriation_body(budget["id"], "1.00")
    calls = [house.post("finance_maker", "/appropriations", body) for _ in range(MANY)]
    assert tally(await asyncio.gather(*calls)) == {"ok": 40, "insufficient_funds": 24}
    await house.books_balance()


async def test_64_awards_from_one_line_stop_at_what_is_appropriated(house: Any) -> None:
    budget = await house.appropriated("33.32")
    body = {"budget_id": budget["id"], "payee_unit": "st-bureau", "title": "t", "amount": "0.98"}
    calls = [house.post("office", "/awards", body) for _ in range(MANY)]
    assert tally(await asyncio.gather(*calls)) == {"ok": 34, "insufficient_funds": 30}
    now = (await house.get("office", f"/budgets/{budget['id']}")).json()
    assert (now["committed"], now["available"]) == ("33.32", "0.00")
    await house.books_balance()


async def test_64_payments_from_one_award_stop_at_it_and_all_that_started_arrive(
    house: Any,
) -> None:
    award = await house.award("50.00")
    body = {"award_id": award["id"], "amount": "1.00"}
    calls = [house.post("finance_maker", "/disbursements", body) for _ in range(MANY)]
    answers = await asyncio.gather(*calls)
    assert tally(answers) == {"ok": 50, "insufficient_funds": 14}
    rows = [answer.json() for answer in answers if answer.is_success]
    for role, step in (("finance_checker", "check"), ("finance_payer", "pay")):
        done = await asyncio.gather(*(house.step(role, row, step) for row in rows))
        assert tally(done) == {"ok": 50}
        rows = [answer.json() for answer in done]
    result = {"outcome": "succeeded", "paid_on": "2026-04-10"}
    settled = await asyncio.gather(
        *(house.step("finance_payer", row, "result", result) for row in rows)
    )
    assert tally(settled) == {"ok": 50}
    now = (await house.get("office", f"/budgets/{award['budget_id']}")).json()
    assert now["disbursed"] == "50.00"
    await house.books_balance()


@pytest.mark.parametrize(
    ("role", "step", "result"),
    [
        ("finance_checker", "check", None),
        ("finance_payer", "pay", None),
        ("finance_payer", "result", {"outcome": "succeeded", "paid_on": "2026-04-10"}),
        ("finance_payer", "result", {"outcome": "failed", "reason": "r"}),
    ],
)
async def test_64_who_take_one_step_of_a_payment_take_it_once(
    house: Any, role: str, step: str, result: dict[str, str] | None
) -> None:
    award = await house.award("5.00")
    row = await house.asked(award["id"], "5.00")
    if step != "check":
        row = (await house.step("finance_checker", row, "check")).json()
    if step == "result":
        row = (await house.step("finance_payer", row, "pay")).json()
    calls = [house.step(role, row, step, result) for _ in range(MANY)]
    assert tally(await asyncio.gather(*calls)) == {"ok": 1, "stale_version": 63}
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    paid = "5.00" if result and result["outcome"] == "succeeded" else "0.00"
    assert now["paid"] == paid
    assert now["requested"] == ("0.00" if step == "result" else "5.00")
    await house.books_balance()


async def test_the_largest_amounts_are_exact(house: Any) -> None:
    most = "9999999999999999.99"
    award = await house.award(most)
    over = await house.post(
        "finance_maker", "/disbursements", {"award_id": award["id"], "amount": most[:-1] + "8"}
    )
    assert over.status_code == 201
    left = (await house.get("office", f"/awards/{award['id']}")).json()
    assert left["available"] == "0.01"
    await house.paid(award["id"], "0.01")
    await house.books_balance()
