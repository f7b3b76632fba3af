"""Agreements and tranches over HTTP."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from funding.agreements import domain
from hypothesis import given
from hypothesis import strategies as st
from servicekit.problems import Unprocessable

UNIT = "maizier-sugar"


@given(st.lists(st.decimals("0.01", "9999999999", places=2), min_size=1, max_size=20), st.data())
def test_tranches_are_the_award_to_the_fen(amounts: list[Any], data: Any) -> None:
    total = sum(amounts, Decimal(0))
    domain.check_sum(total, amounts)
    off = data.draw(st.decimals("-99", "99", places=2).filter(bool))
    with pytest.raises(Unprocessable) as caught:
        domain.check_sum(total + off, amounts)
    assert caught.value.errors[0].code == "sum_differs"


async def pay(house: Any, award: dict[str, Any], amount: str, tranche: Any = None) -> Any:
    body = {"award_id": award["id"], "amount": amount, "tranche_id": tranche and tranche["id"]}
    return await house.post("finance_maker", "/disbursements", body)


async def drawn(house: Any, tranche: dict[str, Any]) -> str:
    path = f"/agreements/{tranche['agreement_id']}/tranches/{tranche['id']}"
    return (await house.get("auditor", path)).json()["drawn"]


async def test_both_sides_sign_what_was_offered(house: Any, programme: Any) -> None:
    award = await house.award("100.00")
    row = await programme.agreement(award, "30.00", "70.00")
    path = f"/agreements/{row['id']}"
    other = {"amount": "100.00", "milestone": "m", "deliverable": "d", "due_on": "2026-10-01"}
    short = {"tranches": [{**other, "amount": "99.99"}]}
    refused = await house.call("office", "PATCH", path, short, etag='"1"')
    assert [one["code"] for one in refused.json()["errors"]] == ["sum_differs"]
    changed = await house.call("office", "PATCH", path, {"tranches": [other]}, etag='"1"')
    assert changed.json()["version"] == 2
    tranches = (await house.get("enterprise", f"{path}/tranches")).json()["items"]
    assert [(one["number"], one["amount"]) for one in tranches] == [(1, "100.00")]
    document = {"document_no": "新科任〔2026〕1号"}
    await programme.step("office", "agreements", row, "offer", document)
    foreign = await programme.try_step("enterprise", "agreements", row, "sign", unit="st-bureau")
    assert foreign.status_code == 403
    declined = await programme.step("enterprise", "agreements", row, "decline", {"reason": "r"})
    assert (declined["state"], declined["offered_by"]) == ("draft", None)
    await programme.step("office", "agreements", row, "offer", document, sub="one-person")
    same = await programme.try_step("enterprise", "agreements", row, "sign", sub="one-person")
    assert (same.status_code, same.json()["code"]) == (403, "separation_of_duties")
    await house.bus.since_now()
    signed = await programme.step("enterprise", "agreements", row, "sign")
    assert (signed["state"], signed["document_no"]) == ("signed", "新科任〔2026〕1号")
    (told,) = await house.bus.events("agreement.signed", f"agreement:{row['id']}")
    assert (told.data["tranches"], told.data["payee_unit"]) == (1, UNIT)


async def test_an_award_has_one_agreement_made_before_anything_was_paid(
    house: Any, programme: Any
) -> None:
    award = await house.award("100.00")
    await programme.agreement(award, "100.00")
    tranche = {"amount": "100.00", "milestone": "m", "deliverable": "d", "due_on": "2026-10-01"}
    body = {"award_id": award["id"], "tranches": [tranche]}
    twice = await house.post("office", "/agreements", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_exists")
    paid = await house.award("100.00")
    await house.asked(paid["id"], "1.00")
    late = await house.post("office", "/agreements", {**body, "award_id": paid["id"]})
    assert (late.status_code, late.json()["code"]) == (409, "award_in_use")


async def test_only_what_is_accepted_is_paid(house: Any, programme: Any) -> None:
    award = await house.award("100.00")
    row = await programme.agreement(award, "30.00", "70.00")
    unsigned = await pay(house, award, "1.00")
    assert (unsigned.status_code, unsigned.json()["code"]) == (409, "agreement_not_signed")
    await programme.step("office", "agreements", row, "offer", {"document_no": "1号"})
    await programme.step("enterprise", "agreements", row, "sign")
    path = f"/agreements/{row['id']}/tranches"
    first, second = (await house.get("office", path)).json()["items"]
    nameless = await pay(house, award, "1.00")
    assert (nameless.status_code, nameless.json()["code"]) == (422, "tranche_required")
    early = await pay(house, award, "1.00", first)
    assert (early.status_code, early.json()["code"]) == (409, "tranche_not_accepted")
    await house.bus.since_now()
    await programme.accepted_tranche(first, UNIT)
    (told,) = await house.bus.events("tranche.accepted")
    assert (told.data["number"], told.data["amount"]) == (1, "30.00")
    over = await pay(house, award, "30.01", first)
    assert (over.status_code, over.json()["code"]) == (409, "insufficient_funds")
    assert "30.00 yuan available" in over.json()["detail"]
    assert (await pay(house, award, "30.00", first)).status_code == 201
    unready = await pay(house, award, "1.00", second)
    assert unready.json()["code"] == "tranche_not_accepted"
    plain = await house.award("100.00")
    strange = await pay(house, plain, "1.00", first)
    assert (strange.status_code, strange.json()["code"]) == (422, "unknown_reference")
    (of_other,) = await programme.signed(plain, "100.00")
    crossed = await pay(house, award, "1.00", of_other)
    assert (crossed.status_code, crossed.json()["code"]) == (422, "unknown_reference")


async def test_a_milestone_is_accepted_by_somebody_else_than_its_reporter(
    house: Any, programme: Any
) -> None:
    (tranche,) = await programme.signed(await house.award("10.00"), "10.00")
    resource = f"agreements/{tranche['agreement_id']}/tranches"
    same = {"sub": "one-person"}
    report = {"report": "r"}
    row = await programme.step("enterprise", resource, tranche, "report", report, **same)
    refused = await programme.try_step("office", resource, row, "accept", **same)
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
    row = await programme.step("office", resource, row, "return")
    assert (row["state"], row["reason"]) == ("open", "r")
    row = await programme.step("enterprise", resource, row, "report", report)
    row = await programme.step("office", resource, row, "accept")
    assert (row["state"], row["accepted_by"]) == ("accepted", "test-office")


async def test_what_was_not_paid_goes_back_to_its_tranche(house: Any, programme: Any) -> None:
    award = await house.award("100.00")
    (tranche,) = await programme.signed(award, "100.00")
    await programme.accepted_tranche(tranche, UNIT)
    rejected = (await pay(house, award, "10.00", tranche)).json()
    assert await drawn(house, tranche) == "10.00"
    await house.step("finance_checker", rejected, "reject", {"reason": "r"})
    assert await drawn(house, tranche) == "0.00"
    for outcome in ("failed", "returned"):
        row = (await pay(house, award, "10.00", tranche)).json()
        row = (await house.step("finance_checker", row, "check")).json()
        row = (await house.step("finance_payer", row, "pay")).json()
        await house.step("finance_payer", row, "result", {"outcome": outcome})
        assert await drawn(house, tranche) == "0.00", outcome
    row = (await pay(house, award, "60.00", tranche)).json()
    row = (await house.step("finance_checker", row, "check")).json()
    row = (await house.step("finance_payer", row, "pay")).json()
    result = {"outcome": "succeeded", "paid_on": "2026-04-10"}
    row = (await house.step("finance_payer", row, "result", result)).json()
    assert await drawn(house, tranche) == "60.00"
    back = await house.step("finance_payer", row, "result", {"outcome": "returned"})
    assert back.status_code == 200
    assert await drawn(house, tranche) == "0.00"
    await house.books_balance()


async def test_many_payments_at_once_never_exceed_a_tranche(house: Any, programme: Any) -> None:
    award = await house.award("100.00")
    first, _ = await programme.signed(award, "30.00", "70.00")
    await programme.accepted_tranche(first, UNIT)
    answers = await asyncio.gather(*(pay(house, award, "4.01", first) for _ in range(12)))
    assert [answer.status_code for answer in answers].count(201) == 7
    assert await drawn(house, first) == "28.07"
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    assert now["requested"] == "28.07"


async def test_an_agreement_and_a_payment_at_once_never_both_win(
    house: Any, programme: Any
) -> None:
    tranche = {"amount": "10.00", "milestone": "m", "deliverable": "d", "due_on": "2026-10-01"}
    for _ in range(6):
        award = await house.award("10.00")
        body = {"award_id": award["id"], "tranches": [tranche]}
        answers = await asyncio.gather(
            house.post("office", "/agreements", body), pay(house, award, "10.00")
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409]
