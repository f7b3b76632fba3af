"""Sixty-four at once: a payment is in one batch, leaves once, and has one result."""

import asyncio
from collections import Counter
from typing import Any

import httpx

MANY = 64


def tally(answers: list[httpx.Response]) -> Counter[str]:
    return Counter(str(a.status_code) if a.is_success else a.json()["code"] for a in answers)


async def test_one_payment_into_64_batches_at_once_is_in_one(house: Any) -> None:
    await house.account()
    row = await house.checked((await house.award("5.00"))["id"], "5.00")
    body = {"disbursement_ids": [row["id"]]}
    answers = await asyncio.gather(
        *(
            house.insist(lambda: house.post("finance_payer", "/payment-batches", body))
            for _ in range(MANY)
        )
    )
    assert tally(answers) == {"201": 1, "not_payable": MANY - 1}


async def test_64_filters_at_once_take_each_payment_once(house: Any) -> None:
    await house.account()
    await house.fund("race-fund")
    line = await house.appropriated("64.00", fund="race-fund")
    award = (await house.award("64.00", budget=line["id"]))["id"]
    for _ in range(8):
        await house.checked(award, "1.00")
    body = {"filter": {"fund_code": "race-fund"}}
    answers = await asyncio.gather(
        *(
            house.insist(lambda: house.post("finance_payer", "/payment-batches", body))
            for _ in range(MANY)
        )
    )
    made = [answer.json() for answer in answers if answer.is_success]
    assert sum(batch["count"] for batch in made) == 8
    assert tally(answers)["nothing_to_pay"] == MANY - len(made)


async def test_64_issues_of_a_batch_pay_it_once(house: Any) -> None:
    draft = await house.batch(("2.00", "3.00"))
    path = f"/payment-batches/{draft['id']}/issue"
    answers = await asyncio.gather(
        *(house.insist(lambda: house.post("finance_payer", path, etag='"1"')) for _ in range(MANY))
    )
    assert tally(answers) == {"200": 1, "stale_version": MANY - 1}


async def test_64_answers_of_the_treasury_at_once_pay_once(house: Any) -> None:
    batch = await house.issued("5.00")
    said = {
        "batch_number": batch["number"],
        "line_number": 1,
        "amount": "5.00",
        "outcome": "succeeded",
        "paid_on": "2026-04-10",
    }
    answers = await asyncio.gather(
        *(
            house.insist(lambda: house.post("finance_payer", "/payment-results", said))
            for _ in range(MANY)
        )
    )
    assert tally(answers) == {"201": 1, "200": MANY - 1}
    await house.books_balance()


async def test_two_files_of_one_batch_and_single_payments_do_not_stop_each_other(
    house: Any,
) -> None:
    """Their results meet in awards, lines and the journal's counter, in every order."""
    batch = await house.issued(*["1.00"] * 8)
    award = (await house.award("8.00"))["id"]
    singles = [await house.paying(award, "1.00") for _ in range(8)]
    item = {"batch_number": batch["number"], "amount": "1.00"}
    result = {"outcome": "succeeded", "paid_on": "2026-04-10"}
    halves = (range(1, 5), range(8, 4, -1))
    files = [{"items": [{**item, **result, "line_number": n} for n in half]} for half in halves]
    answers = await asyncio.gather(
        *(house.post("finance_payer", "/payment-results/batch", file) for file in files),
        *(house.step("finance_payer", row, "result", result) for row in singles),
    )
    assert tally(answers) == {"200": 10}
    await house.books_balance()
    now = (await house.get("auditor", f"/payment-batches/{batch['id']}")).json()
    assert now["state"] == "settled"


async def test_64_retries_at_once_make_one(house: Any) -> None:
    award = (await house.award("100.00"))["id"]
    row = await house.paying(award, "1.00")
    row = (await house.step("finance_payer", row, "result", {"outcome": "failed"})).json()
    answers = await asyncio.gather(
        *(house.insist(lambda: house.step("finance_maker", row, "retry", {})) for _ in range(MANY))
    )
    assert tally(answers) == {"201": 1, "already_retried": MANY - 1}
    now = (await house.get("auditor", f"/awards/{award}")).json()
    assert now["requested"] == "1.00"
