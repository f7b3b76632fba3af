"""Budget lines over HTTP."""

import asyncio
from typing import Any


async def test_a_line_is_drawn_up_approved_and_booked(house: Any) -> None:
    draft = await house.draft("2000000.00")
    assert (draft["state"], draft["available"]) == ("draft", "0.00")
    budget = (
        await house.post(
            "finance_checker",
            f"/budgets/{draft['id']}/approve",
            {"document_no": "新财预〔2026〕12号"},
            etag='"1"',
        )
    ).json()
    assert (budget["state"], budget["version"]) == ("approved", 2)
    assert budget["approved_by"] == "test-finance_checker"
    entries = await house.get("auditor", f"/journal-entries?budget_id={draft['id']}")
    (entry,) = entries.json()["items"]
    assert (entry["kind"], entry["document_no"]) == ("approval", "新财预〔2026〕12号")
    sides = {line["stage"]: (line["debit"], line["credit"]) for line in entry["lines"]}
    assert sides == {"approved": ("2000000.00", "0.00"), "authority": ("0.00", "2000000.00")}
    await house.books_balance()


async def test_the_maker_cannot_approve_even_with_both_roles(house: Any) -> None:
    draft = await house.draft("1.00")
    response = await house.post(
        "finance_checker",
        f"/budgets/{draft['id']}/approve",
        {"document_no": "n"},
        etag='"1"',
        sub="test-finance_maker",
    )
    assert (response.status_code, response.json()["code"]) == (403, "separation_of_duties")
    noted = await house.rows(
        "SELECT 1 FROM audit_entry WHERE outcome = 'denied' AND action = 'separation_of_duties'"
    )
    assert noted


async def test_approval_needs_the_current_version(house: Any) -> None:
    path = f"/budgets/{(await house.draft('1.00'))['id']}/approve"
    without = await house.post("finance_checker", path, {"document_no": "n"})
    assert without.status_code == 428
    stale = await house.post("finance_checker", path, {"document_no": "n"}, etag='"2"')
    assert stale.status_code == 412


async def test_of_two_approvals_at_once_one_is_booked(house: Any) -> None:
    draft = await house.draft("5.00")
    path = f"/budgets/{draft['id']}/approve"
    calls = [
        house.post("finance_checker", path, {"document_no": "n"}, etag='"1"') for _ in range(6)
    ]
    answers = sorted([answer.status_code for answer in await asyncio.gather(*calls)])
    assert answers == [200, 412, 412, 412, 412, 412]
    await house.books_balance()


async def test_a_line_exists_once_and_needs_fund_and_year(house: Any) -> None:
    draft = await house.draft("1.00", line="once")
    body = {"fund_code": "transfer-fund", "fiscal_year": 2026, "line": "once", "amount": "2.00"}
    again = await house.post("finance_maker", "/budgets", body)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    for change in ({"fund_code": "no-fund"}, {"fiscal_year": 2077}):
        response = await house.post("finance_maker", "/budgets", {**body, **change, "line": "x"})
        assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")
    listed = await house.get("leader", "/budgets?state=draft&fund_code=transfer-fund&limit=200")
    assert draft["id"] in [item["id"] for item in listed.json()["items"]]


async def test_who_may_not_see_or_touch_the_budget(house: Any) -> None:
    draft = await house.draft("1.00")
    for role in ("enterprise", "unit_reporter", "park_admin", "ops"):
        assert (await house.get(role, "/budgets")).status_code == 403
        assert (await house.get(role, f"/budgets/{draft['id']}")).status_code == 403
    body = {"document_no": "n"}
    for role in ("finance_maker", "finance_payer", "office"):
        refused = await house.post(role, f"/budgets/{draft['id']}/approve", body, etag='"1"')
        assert refused.status_code == 403


async def test_zero_and_negative_budgets_are_refused(house: Any) -> None:
    for amount in ("0.00", "-5.00", "0"):
        body = {"fund_code": "transfer-fund", "fiscal_year": 2026, "line": "z", "amount": amount}
        assert (await house.post("finance_maker", "/budgets", body)).status_code == 422
