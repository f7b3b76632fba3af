"""What a payee gives back is booked as refunded, in part or whole, and is not paid again."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest

PATH = "/refunds"
RETURNED = {"outcome": "returned", "reason": "退票"}


async def a_payment(house: Any, amount: str = "40.00") -> tuple[Any, Any]:
    award = await house.award("100.00")
    return award, await house.paid(award["id"], amount)


async def draft(house: Any, payment: Any, amount: str) -> Any:
    given = {"disbursement_id": payment["id"], "amount": amount, "received_on": "2026-09-02"}
    return await house.drawn_up(PATH, **given)


async def test_a_part_and_then_the_rest_come_back(house: Any) -> None:
    award, payment = await a_payment(house)
    await house.bus.since_now()
    row = await house.refunded(payment["id"], "15.00")
    (told,) = await house.bus.events("refund.received", f"refund:{row['id']}")
    assert (told.data["amount"], told.data["payee_unit"]) == ("15.00", "maizier-sugar")
    await house.refunded(payment["id"], "25.00")
    line = await house.line(award["budget_id"])
    assert (line["disbursed"], line["refunded"], line["available"]) == ("40.00", "40.00", "0.00")
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    assert (now["paid"], now["refunded"], now["available"]) == ("40.00", "40.00", "60.00")
    paid = (await house.get("office", f"/disbursements/{payment['id']}")).json()
    assert (paid["state"], paid["refunded"]) == ("succeeded", "40.00")
    entries = await house.get("auditor", f"/journal-entries?source_id={row['id']}")
    (entry,) = entries.json()["items"]
    assert (entry["kind"], entry["occurred_on"]) == ("refund", "2026-09-02")
    sides = {line["stage"]: (line["debit"], line["credit"]) for line in entry["lines"]}
    assert sides == {"refunded": ("15.00", "0.00"), "disbursed": ("0.00", "15.00")}
    await house.books_balance()


async def test_what_was_given_back_is_not_paid_again(house: Any) -> None:
    award, payment = await a_payment(house, "100.00")
    await house.refunded(payment["id"], "100.00")
    ask = {"award_id": award["id"], "amount": "0.01"}
    refused = await house.post("finance_maker", "/disbursements", ask)
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_funds")


async def test_no_more_comes_back_than_was_paid(house: Any) -> None:
    _, payment = await a_payment(house)
    body = {"disbursement_id": payment["id"], "received_on": "2026-09-02", "reason": "r"}
    over = await house.post("finance_maker", PATH, {**body, "amount": "40.01"})
    assert (over.status_code, over.json()["code"]) == (409, "insufficient_funds")
    first, second = [await draft(house, payment, "25.00") for _ in range(2)]
    assert (await house.decide(PATH, first)).status_code == 200
    refused = await house.decide(PATH, second)
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_funds")
    assert "15.00 yuan available" in refused.json()["detail"]
    await house.books_balance()


async def test_64_refunds_at_once_stop_at_the_payment(house: Any) -> None:
    _, payment = await a_payment(house)
    rows = [await draft(house, payment, "1.00") for _ in range(64)]
    calls = [partial(house.decide, PATH, row) for row in rows]
    answers = await asyncio.gather(*map(house.insist, calls))
    codes = Counter("ok" if a.is_success else a.json()["code"] for a in answers)
    assert codes == {"ok": 40, "insufficient_funds": 24}
    await house.books_balance()


async def test_the_bank_and_the_payee_do_not_send_the_same_money(house: Any) -> None:
    for _ in range(4):
        _, payment = await a_payment(house)
        row = await draft(house, payment, "40.00")
        given, returned = await asyncio.gather(
            house.decide(PATH, row), house.step("finance_payer", payment, "result", RETURNED)
        )
        assert sorted([given.is_success, returned.is_success]) == [False, True]
    await house.books_balance()


async def test_after_a_refund_the_bank_returns_nothing(house: Any) -> None:
    _, payment = await a_payment(house)
    await house.refunded(payment["id"], "1.00")
    paid = (await house.get("office", f"/disbursements/{payment['id']}")).json()
    refused = await house.step("finance_payer", paid, "result", RETURNED)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_refunded")


async def test_only_what_has_arrived_can_come_back(house: Any) -> None:
    award = await house.award("10.00")
    payment = await house.asked(award["id"], "10.00")
    body = {"amount": "1.00", "received_on": "2026-09-02", "reason": "r"}
    early = await house.post("finance_maker", PATH, {**body, "disbursement_id": payment["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "invalid_transition")
    body["disbursement_id"] = "01900000-0000-7000-8000-000000000000"
    unknown = await house.post("finance_maker", PATH, body)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")


@pytest.mark.parametrize("step", ["reject", "withdraw"])
async def test_money_that_is_not_there_is_not_booked(house: Any, step: str) -> None:
    award, payment = await a_payment(house)
    await house.decide(PATH, await draft(house, payment, "40.00"), step)
    assert (await house.line(award["budget_id"]))["refunded"] == "0.00"


async def test_a_payee_sees_its_own_refunds_only(house: Any) -> None:
    _, payment = await a_payment(house)
    own = await house.refunded(payment["id"], "1.00")
    award = await house.award("10.00", payee="qingan-chemical")
    other = await house.refunded((await house.paid(award["id"], "10.00"))["id"], "1.00")
    assert (await house.get("enterprise", f"{PATH}/{own['id']}")).status_code == 200
    assert (await house.get("enterprise", f"{PATH}/{other['id']}")).status_code == 403
    listed = (await house.get("enterprise", f"{PATH}?limit=200")).json()["items"]
    assert {row["payee_unit"] for row in listed} == {"maizier-sugar"}
    nothing = await house.get("enterprise", f"{PATH}?payee_unit=qingan-chemical")
    assert nothing.json()["items"] == []
