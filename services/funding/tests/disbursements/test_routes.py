"""Payments over HTTP: three hands, one result, and no fen too many."""

from typing import Any

import pytest

SUCCESS = {"outcome": "succeeded", "paid_on": "2026-04-10", "reference": "T-1"}


async def test_three_hands_pay_and_the_journal_moves_at_the_end(house: Any) -> None:
    award = await house.award("100.00")
    row = await house.asked(award["id"], "40.00")
    assert (row["state"], row["held"], row["made_by"]) == ("requested", False, "test-finance_maker")
    row = (await house.step("finance_checker", row, "check")).json()
    row = (await house.step("finance_payer", row, "pay")).json()
    budget = (await house.get("office", f"/budgets/{award['budget_id']}")).json()
    assert budget["disbursed"] == "0.00"
    await house.bus.since_now()
    row = (await house.step("finance_payer", row, "result", SUCCESS)).json()
    assert (row["state"], row["paid_on"], row["reference"]) == ("succeeded", "2026-04-10", "T-1")
    (told,) = await house.bus.events("disbursement.succeeded", f"disbursement:{row['id']}")
    assert (told.data["amount"], told.data["payee_unit"]) == ("40.00", "maizier-sugar")
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    assert (now["paid"], now["requested"], now["available"]) == ("40.00", "0.00", "60.00")
    await house.books_balance()


@pytest.mark.parametrize("outcome", ["failed", "returned"])
async def test_a_payment_that_did_not_arrive_frees_its_money(house: Any, outcome: str) -> None:
    award = await house.award("50.00")
    row = await house.paying(award["id"], "50.00")
    body = {"outcome": outcome, "reason": "账号错误"}
    row = (await house.step("finance_payer", row, "result", body)).json()
    assert (row["state"], row["reason"]) == (outcome, "账号错误")
    await house.paid(award["id"], "50.00")
    await house.books_balance()


async def test_a_payment_that_came_back_is_reversed(house: Any) -> None:
    award = await house.award("50.00")
    row = await house.paid(award["id"], "50.00")
    body = {"outcome": "returned", "reason": "退票"}
    row = (await house.step("finance_payer", row, "result", body)).json()
    assert row["state"] == "returned"
    entries = (await house.get("auditor", f"/journal-entries?source_id={row['id']}")).json()
    assert [entry["kind"] for entry in entries["items"]] == ["disbursement", "reversal"]
    again = await house.step("finance_payer", row, "result", body)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    await house.paid(award["id"], "50.00")
    await house.books_balance()


async def test_a_rejected_payment_frees_its_money(house: Any) -> None:
    award = await house.award("50.00")
    row = await house.asked(award["id"], "50.00")
    over = await house.post(
        "finance_maker", "/disbursements", {"award_id": award["id"], "amount": "0.01"}
    )
    assert (over.status_code, over.json()["code"]) == (409, "insufficient_funds")
    rejected = await house.step("finance_checker", row, "reject", {"reason": "r"})
    assert rejected.json()["state"] == "rejected"
    await house.paid(award["id"], "50.00")


@pytest.mark.parametrize(
    ("step", "role", "person"),
    [
        ("check", "finance_checker", "test-finance_maker"),
        ("reject", "finance_checker", "test-finance_maker"),
        ("pay", "finance_payer", "test-finance_maker"),
        ("pay", "finance_payer", "test-finance_checker"),
    ],
)
async def test_one_person_never_does_two_steps(
    house: Any, step: str, role: str, person: str
) -> None:
    award = await house.award("10.00")
    row = await house.asked(award["id"], "10.00")
    if step == "pay":
        row = (await house.step("finance_checker", row, "check")).json()
    body = {"reason": "r"} if step == "reject" else None
    refused = await house.step(role, row, step, body, sub=person)
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")


async def test_the_wrong_hand_is_refused(house: Any) -> None:
    award = await house.award("10.00")
    row = await house.asked(award["id"], "10.00")
    for step, roles in {
        "check": ("finance_maker", "finance_payer", "office", "enterprise"),
        "pay": ("finance_maker", "finance_checker", "office", "auditor"),
    }.items():
        for role in roles:
            assert (await house.step(role, row, step)).status_code == 403, (step, role)
    body = {"award_id": award["id"], "amount": "1.00"}
    for role in ("finance_checker", "finance_payer", "office"):
        assert (await house.post(role, "/disbursements", body)).status_code == 403


async def test_steps_need_their_order_and_the_current_version(house: Any) -> None:
    award = await house.award("10.00")
    row = await house.asked(award["id"], "10.00")
    early = await house.step("finance_payer", row, "pay")
    assert (early.status_code, early.json()["code"]) == (409, "invalid_transition")
    assert (await house.step("finance_checker", row, "check", etag='"9"')).status_code == 412
    path = f"/disbursements/{row['id']}/check"
    assert (await house.post("finance_checker", path)).status_code == 428
    paying = await house.paying((await house.award("1.00"))["id"], "1.00")
    dayless = await house.step("finance_payer", paying, "result", {"outcome": "succeeded"})
    assert (dayless.status_code, dayless.json()["code"]) == (422, "paid_on_missing")


async def test_a_system_with_the_scope_brings_the_treasurys_answer(house: Any) -> None:
    row = await house.paying((await house.award("1.00"))["id"], "1.00")
    refused = await house.step("system", row, "result", SUCCESS, scope="disbursements.read")
    assert refused.status_code == 403
    done = await house.step("system", row, "result", SUCCESS, scope="disbursements.settle")
    assert done.json()["state"] == "succeeded"


async def test_a_payee_sees_its_own_payments_only(house: Any) -> None:
    own = await house.asked((await house.award("1.00"))["id"], "1.00")
    other_award = await house.award("1.00", payee="qingan-chemical")
    other = await house.asked(other_award["id"], "1.00")
    assert (await house.get("enterprise", f"/disbursements/{own['id']}")).status_code == 200
    assert (await house.get("enterprise", f"/disbursements/{other['id']}")).status_code == 403
    listed = (await house.get("enterprise", "/disbursements?limit=200")).json()["items"]
    assert {item["payee_unit"] for item in listed} == {"maizier-sugar"}
    states = await house.get("auditor", "/disbursements?state=requested&state=paying&held=false")
    assert {item["state"] for item in states.json()["items"]} <= {"requested", "paying"}


async def test_a_cancelled_award_pays_nothing(house: Any) -> None:
    award = await house.award("10.00")
    await house.post("office", f"/awards/{award['id']}/cancel", {"reason": "r"}, etag='"1"')
    body = {"award_id": award["id"], "amount": "1.00"}
    refused = await house.post("finance_maker", "/disbursements", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
