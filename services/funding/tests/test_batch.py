"""Many budget lines, appropriations, awards, payments and reports in one request."""

from typing import Any

import pytest

from services.funding.tests.kinds import PATHS


async def batch(house: Any, role: str, resource: str, items: list[Any], query: str = "") -> Any:
    return await house.post(role, f"/{resource}/batch{query}", {"items": items})


def wrong(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "batch_refused"), answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def award(budget: dict[str, Any], amount: str, payee: str = "maizier-sugar") -> dict[str, Any]:
    return {"budget_id": budget["id"], "payee_unit": payee, "title": "t", "amount": amount}


async def test_awards_above_the_line_are_refused_whole(house: Any) -> None:
    budget = await house.appropriated("100.00")
    await house.bus.since_now()
    items = [award(budget, amount) for amount in ("40.00", "40.00", "40.00", "20.00", "0.01")]
    refused = await batch(house, "office", "awards", items)
    assert wrong(refused) == [(f"/items/{n}/amount", "insufficient_funds") for n in (2, 4)]
    assert "20.00 yuan available" in refused.json()["errors"][0]["message"]
    read = (await house.get("office", f"/budgets/{budget['id']}")).json()
    assert (read["committed"], await house.bus.types()) == ("0.00", [])
    made = await batch(house, "office", "awards", [items[0], items[1], items[3]])
    assert made.status_code == 200, made.text
    assert [row["amount"] for row in made.json()["items"]] == ["40.00", "40.00", "20.00"]
    assert len(await house.bus.events("award.granted")) == 3
    await house.books_balance()


async def test_payments_above_the_award_are_refused_whole(house: Any) -> None:
    granted = await house.award("50.00")
    items = [{"award_id": granted["id"], "amount": amount} for amount in ("30.00", "30.00")]
    refused = await batch(house, "finance_maker", "disbursements", items)
    assert wrong(refused) == [("/items/1/amount", "insufficient_funds")]
    now = (await house.get("office", f"/awards/{granted['id']}")).json()
    assert (now["requested"], now["available"]) == ("0.00", "50.00")
    tried = await batch(house, "finance_maker", "disbursements", items[:1], "?dry_run=true")
    assert tried.json()["items"][0]["state"] == "requested"
    assert (await house.get("office", f"/awards/{granted['id']}")).json() == now
    items[1]["amount"] = "20.00"
    asked = await batch(house, "finance_maker", "disbursements", items)
    assert (asked.status_code, len(asked.json()["items"])) == (200, 2), asked.text
    now = (await house.get("office", f"/awards/{granted['id']}")).json()
    assert (now["requested"], now["available"]) == ("50.00", "0.00")
    await house.books_balance()


async def test_a_line_drawn_up_twice_keeps_the_others_out(house: Any) -> None:
    items = [
        {"fund_code": fund, "fiscal_year": 2026, "line": line, "amount": "10.00"}
        for fund, line in [
            ("transfer-fund", "batch-a"),
            ("transfer-fund", "batch-a"),
            ("no-such-fund", "batch-b"),
        ]
    ]
    refused = await batch(house, "finance_maker", "budgets", items)
    assert wrong(refused) == [("/items/1", "already_exists"), ("/items/2", "unknown_reference")]
    drawn = await batch(house, "finance_maker", "budgets", items[:1])
    assert (drawn.status_code, drawn.json()["items"][0]["line"]) == (200, "batch-a"), drawn.text


async def test_appropriations_above_the_budget_are_refused_whole(house: Any) -> None:
    budget = await house.approved("100.00")
    items = [house.appropriation_body(budget["id"], amount) for amount in ("60.00", "60.00")]
    refused = await batch(house, "finance_maker", "appropriations", items)
    assert wrong(refused) == [("/items/1/amount", "insufficient_funds")]
    items[1]["amount"] = "40.00"
    made = await batch(house, "finance_maker", "appropriations", items)
    assert (made.status_code, len(made.json()["items"])) == (200, 2), made.text
    read = (await house.get("office", f"/budgets/{budget['id']}")).json()
    assert (read["appropriated"], read["available"]) == ("100.00", "100.00")
    await house.books_balance()


@pytest.mark.parametrize("kind", PATHS)
async def test_support_of_every_kind_is_filed_many_at_once(
    house: Any, kinds: Any, kind: str
) -> None:
    resource, body = PATHS[kind][1:], kinds.body(kind)
    foreign = kinds.body(kind, unit="qingan-chemical")
    wrong_year = kinds.body(kind, fiscal_year=2031)
    refused = await batch(house, "enterprise", resource, [body, body, foreign, wrong_year])
    found = wrong(refused)
    again = {
        "patent_subsidy": "patent_already_subsidised",
        "interest_subsidy": "period_overlaps",
        "innovation_award": "already_nominated",
        "platform_grant": "already_exists",
    }
    assert [code for _, code in found] == [again[kind], "forbidden", "no_rate"]
    assert (await house.get("office", f"/{resource}?state=draft")).json()["items"] == []
    await house.bus.since_now()
    filed = await batch(house, "enterprise", resource, [body, kinds.body(kind)])
    assert filed.status_code == 200, filed.text
    assert {row["state"] for row in filed.json()["items"]} == {"draft"}
    assert len(await house.bus.events("support.filed")) == 2


async def test_nominees_of_a_batch_are_masked(house: Any, kinds: Any) -> None:
    body = kinds.body("innovation_award")
    filed = await batch(house, "enterprise", "innovation-awards", [body])
    assert filed.json()["items"][0]["nominee"]["name"] == "张**"
    assert body["nominee"]["id_number"] not in filed.text


async def test_a_unit_reports_counterpart_spending_of_its_own_only(house: Any) -> None:
    items = [
        {"unit_code": unit, "fiscal_year": 2026, "period": period, "amount": "1.00"}
        for unit, period in [
            ("maizier-sugar", "2026-08"),
            ("qingan-chemical", "2026-08"),
            ("maizier-sugar", "2025-08"),
        ]
    ]
    refused = await batch(house, "enterprise", "counterpart-reports", items)
    assert wrong(refused) == [("/items/1", "forbidden"), ("/items/2/period", "period_outside_year")]
    filed = await batch(house, "enterprise", "counterpart-reports", items[:1])
    assert (filed.status_code, filed.json()["items"][0]["period"]) == (200, "2026-08"), filed.text
