"""Awards over HTTP."""

import asyncio
from typing import Any


async def test_an_award_commits_what_is_appropriated_and_no_more(house: Any) -> None:
    budget = await house.appropriated("100.00")
    await house.bus.since_now()
    award = await house.award("60.00", budget=budget["id"])
    (told,) = await house.bus.events("award.granted", f"award:{award['id']}")
    assert (told.data["payee_unit"], told.data["amount"]) == ("maizier-sugar", "60.00")
    body = {"budget_id": budget["id"], "payee_unit": "st-bureau", "title": "t", "amount": "40.01"}
    over = await house.post("office", "/awards", body)
    assert (over.status_code, over.json()["code"]) == (409, "insufficient_funds")
    assert "40.00 yuan available" in over.json()["detail"]
    await house.books_balance()


async def test_an_unknown_payee_gets_nothing(house: Any) -> None:
    budget = await house.appropriated("10.00")
    body = {"budget_id": budget["id"], "payee_unit": "nobody", "title": "t", "amount": "1.00"}
    response = await house.post("office", "/awards", body)
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")
    read = (await house.get("office", f"/budgets/{budget['id']}")).json()
    assert read["committed"] == "0.00"


async def test_a_cancelled_award_frees_its_money_by_a_reversal(house: Any) -> None:
    award = await house.award("25.00")
    path = f"/awards/{award['id']}/cancel"
    done = await house.post("office", path, {"reason": "r"}, etag='"1"')
    assert (done.json()["state"], done.json()["version"]) == ("cancelled", 2)
    budget = (await house.get("office", f"/budgets/{award['budget_id']}")).json()
    assert (budget["committed"], budget["available"]) == ("0.00", "25.00")
    entries = await house.get("auditor", f"/journal-entries?source_id={award['id']}")
    made, undone = entries.json()["items"]
    assert (undone["kind"], undone["reverses"]) == ("reversal", made["id"])
    again = await house.post("office", path, {"reason": "r"}, etag='"2"')
    assert again.json()["code"] == "invalid_transition"
    await house.books_balance()


async def test_money_on_its_way_keeps_an_award_alive(house: Any) -> None:
    award = await house.award("25.00")
    await house.asked(award["id"], "5.00")
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    refused = await house.post(
        "office", f"/awards/{award['id']}/cancel", {"reason": "r"}, etag=f'"{now["version"]}"'
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "money_has_moved")


async def test_cancelling_and_asking_at_once_never_both_win(house: Any) -> None:
    for _ in range(6):
        award = await house.award("10.00")
        ask = {"award_id": award["id"], "amount": "10.00"}
        cancelled, asked = await asyncio.gather(
            house.post("office", f"/awards/{award['id']}/cancel", {"reason": "r"}, etag='"1"'),
            house.post("finance_maker", "/disbursements", ask),
        )
        assert sorted((cancelled.status_code < 300, asked.status_code < 300)) == [False, True]
    await house.books_balance()


async def test_payees_see_their_own_awards_only(house: Any) -> None:
    own = await house.award("1.00", payee="maizier-sugar")
    other = await house.award("1.00", payee="qingan-chemical")
    for role in ("enterprise", "park_admin", "group_lead"):
        assert (await house.get(role, f"/awards/{own['id']}")).status_code == 200, role
        assert (await house.get(role, f"/awards/{other['id']}")).status_code == 403, role
        listed = (await house.get(role, "/awards?limit=200")).json()["items"]
        assert own["id"] in [item["id"] for item in listed]
        assert {item["payee_unit"] for item in listed} <= {"maizier-sugar", "st-bureau"}
    refused = await house.post("enterprise", "/awards", {})
    assert refused.status_code in (403, 422)
