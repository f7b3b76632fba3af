"""The closed loop, through the gateway, every step by the one whose step it is.

An enterprise's number falls short, its indicator turns red, the lead unit gets a supervision item
and its payments are held, until the indicator is measured on track again.
"""

import asyncio
from typing import Any

import asyncpg
from local_stack.stack import Stack

from tests.journeys.actors import (
    Actors,
    board_row,
    case_of,
    cases_of,
    refused,
    step,
    turned,
    until,
)
from tests.journeys.cases import approved_budget, award, file_return, payment

INDICATOR = "high-tech-value-added"
LEAD = "st-bureau"
CORRELATION = "journey-the-closed-loop"
FUND = "transfer-fund"


def test_the_office_registers_an_enterprise_in_a_park(actors: Actors, story: Any) -> None:
    body = {
        "uscc": "91410184MA44XQ1R01",
        "name": "麦滋尔糖业有限公司",
        "unit_code": "maizier-sugar",
        "park_code": "gangqu",
    }
    story.enterprise = actors("office").post("enterprises", body)
    assert story.enterprise["enterprise_class"] == "ordinary"
    assert [e["id"] for e in actors("enterprise").items("enterprises")] == [story.enterprise["id"]]


def test_the_enterprise_files_its_return_and_cannot_accept_it(
    actors: Actors, story: Any, year: int
) -> None:
    story.filed = file_return(
        actors,
        story.enterprise,
        f"{year}-01",
        high_tech_value_added="10000",
        high_tech_output="25000",
        own_ip_output="8000",
    )
    assert story.filed["state"] == "submitted"
    with refused(403, "forbidden"):
        step(actors("enterprise"), "operating-returns", story.filed, "accept")


def test_whoever_files_for_an_enterprise_may_not_accept_either(
    actors: Actors, story: Any, year: int
) -> None:
    filed = file_return(actors, story.enterprise, f"{year}-03", role="park_admin")
    with refused(403, "separation_of_duties"):
        step(actors("park_admin"), "operating-returns", filed, "accept")
    reason = {"reason": "三月尚未结束核对"}
    step(actors("office"), "operating-returns", filed, "return", reason)


def test_the_park_accepts_the_return_and_the_total_moves(
    actors: Actors, story: Any, year: int
) -> None:
    park = actors("park_admin")
    accepted = step(park, "operating-returns", story.filed, "accept", X_Correlation_Id=CORRELATION)
    assert (accepted["state"], accepted["park_code"]) == ("accepted", "gangqu")
    metrics = list(park.items("park-metrics", metric="high_tech_value_added.city"))
    assert [(m["period"], m["value"], m["unit"]) for m in metrics] == [
        (f"{year}-01", "10000", "万元")
    ]


def test_the_indicator_turns_red_and_says_why(actors: Actors, year: int) -> None:
    row = until(turned(actors("leader"), INDICATOR, "red", f"{year}-01"))
    assert (row["actual"], row["expected"]) == ("1", "2.75")
    assert row["reason_zh"] == f"截至 {year} 年 1 月实际 1 亿元，应达 2.75 亿元"
    assert row["reason_en"] == f"actual 1, expected 2.75 by January {year} (in 100 million yuan)"


def test_one_item_is_opened_for_the_lead_unit(actors: Actors, story: Any) -> None:
    story.item = until(case_of(actors("unit_reporter"), INDICATOR))
    assert len(cases_of(actors("office"), INDICATOR)) == 1
    assert story.item["responsible_unit"] == LEAD
    assert story.item["status"] == "issued"
    assert story.item["holds_payments"] is True
    assert "应达 2.75 亿元" in story.item["reason_zh"]


def test_one_correlation_id_follows_the_case(stack: Stack, actors: Actors, story: Any) -> None:
    assert story.item["correlation_id"] == CORRELATION
    until(lambda: list(actors("auditor").items("payment-holds", payee_unit=LEAD)))
    assert {"operating_returns.accept"} <= audited(stack, "parks")
    assert {"observations.record"} <= audited(stack, "targets")
    assert {"supervision_items.issue"} <= audited(stack, "supervision")
    assert {"payment_holds.open"} <= audited(stack, "funding")


def audited(stack: Stack, service: str) -> set[str]:
    """What a service has noted under the case's correlation id."""

    async def read() -> set[str]:
        database = await asyncpg.connect(stack.database_url(service))
        try:
            question = "SELECT action FROM audit_entry WHERE correlation_id = $1"
            return {row["action"] for row in await database.fetch(question, CORRELATION)}
        finally:
            await database.close()

    return asyncio.run(read())


def test_the_board_shows_the_open_item(actors: Actors, story: Any) -> None:
    def shown() -> bool:
        open_items = board_row(actors("leader"), INDICATOR)["open_items"]
        return [item["number"] for item in open_items] == [story.item["number"]]

    until(shown)


def test_money_is_budgeted_approved_appropriated_and_awarded(
    actors: Actors, story: Any, fiscal_year: int
) -> None:
    story.budget = approved_budget(actors, fiscal_year, "loop", "2000000.00", FUND)
    assert story.budget["appropriated"] == "2000000.00"
    story.award = award(actors, story.budget, LEAD, "500000.00")
    story.payment = payment(actors, story.award, "200000.00")


def test_whoever_drew_up_a_budget_may_not_approve_it(actors: Actors, fiscal_year: int) -> None:
    body = {"fund_code": FUND, "fiscal_year": fiscal_year, "line": "own", "amount": "1.00"}
    draft = actors("alone").post("budgets", body)
    with refused(403, "separation_of_duties"):
        step(actors("alone"), "budgets", draft, "approve", {"document_no": "新财预〔2026〕8号"})


def test_the_payment_is_held_while_the_item_is_open(actors: Actors, story: Any) -> None:
    assert story.payment["held"] is True
    assert story.payment["held_by"] == story.item["id"]
    with refused(409, "payment_held") as refusal:
        step(actors("finance_checker"), "disbursements", story.payment, "check")
    assert story.item["number"] in refusal.value.detail


def test_the_lead_unit_puts_it_right(actors: Actors, story: Any) -> None:
    unit = actors("unit_reporter")
    item = step(unit, "supervision-items", story.item, "acknowledge")
    item = step(unit, "supervision-items", item, "start")
    done = {"rectification": "已约谈企业，恢复高新技术产品生产线。"}
    story.item = step(unit, "supervision-items", item, "submit", done)
    assert story.item["status"] == "submitted"
    with refused(403, "forbidden"):
        step(unit, "supervision-items", story.item, "verify", {})


def test_the_office_verifies_but_cannot_close_what_is_not_measured_again(
    actors: Actors, story: Any
) -> None:
    office = actors("office")
    story.item = step(office, "supervision-items", story.item, "verify", {"note": "现场核实"})
    with refused(409, "indicator_not_remeasured"):
        step(office, "supervision-items", story.item, "close", {})


def test_whoever_did_the_rectification_may_not_verify_it(actors: Actors) -> None:
    office = actors("office")
    body = {
        "title": "补报实施方案",
        "description": "实施方案尚未报送。",
        "responsible_unit": LEAD,
        "holds_payments": False,
    }
    item = actors("alone").post("supervision-items", body)
    for action, said in (("acknowledge", None), ("start", None), ("submit", "已报送")):
        body = {"rectification": said} if said else None
        item = step(actors("alone"), "supervision-items", item, action, body)
    with refused(403, "separation_of_duties"):
        step(actors("alone"), "supervision-items", item, "verify", {})
    item = step(office, "supervision-items", item, "verify", {})
    assert step(office, "supervision-items", item, "close", {})["status"] == "closed"


def test_a_better_month_brings_the_indicator_back(actors: Actors, story: Any, year: int) -> None:
    better = {"high_tech_value_added": "50000", "high_tech_output": "90000"}
    filed = file_return(actors, story.enterprise, f"{year}-02", **better)
    step(actors("office"), "operating-returns", filed, "accept")
    row = until(turned(actors("leader"), INDICATOR, "green", f"{year}-02"))
    assert (row["actual"], row["expected"]) == ("6", "5.5")


def test_now_the_item_is_closed(actors: Actors, story: Any, year: int) -> None:
    office = actors("office")

    def remeasured() -> dict[str, Any] | None:
        item = office.get(f"supervision-items/{story.item['id']}")
        return item if item["remeasured_status"] == "green" else None

    item = until(remeasured)
    assert item["remeasured_period"] == f"{year}-02"
    closed = step(office, "supervision-items", item, "close", {"note": "指标已回到进度线上"})
    assert closed["status"] == "closed"
    steps = list(office.items(f"supervision-items/{closed['id']}/steps"))
    actions = [each["action"] for each in steps]
    assert actions == ["issue", "acknowledge", "start", "submit", "verify", "remeasure", "close"]
    until(lambda: not board_row(actors("leader"), INDICATOR)["open_items"])


def test_the_hold_ends_and_three_hands_pay(actors: Actors, story: Any, year: int) -> None:
    def released() -> dict[str, Any] | None:
        found = actors("finance_maker").get(f"disbursements/{story.payment['id']}")
        return None if found["held"] else found

    row = until(released)
    row = step(actors("finance_checker"), "disbursements", row, "check")
    row = step(actors("finance_payer"), "disbursements", row, "pay")
    result = {"outcome": "succeeded", "paid_on": f"{year}-03-10", "reference": "T-0031"}
    row = step(actors("finance_payer"), "disbursements", row, "result", result)
    assert row["state"] == "succeeded"
    hands = [row["made_by"], row["checked_by"], row["paid_by"]]
    roles = ["finance_maker", "finance_checker", "finance_payer"]
    assert hands == [actors.subject(role) for role in roles]


def test_one_person_with_every_right_still_needs_the_others(actors: Actors, story: Any) -> None:
    alone, body = actors("alone"), {"award_id": story.award["id"], "amount": "1000.00"}
    row = alone.post("disbursements", body)
    with refused(403, "separation_of_duties"):
        step(alone, "disbursements", row, "check")
    row = step(actors("finance_checker"), "disbursements", row, "check")
    with refused(403, "separation_of_duties"):
        step(alone, "disbursements", row, "pay")
    other = step(alone, "disbursements", payment(actors, story.award, "1000.00"), "check")
    with refused(403, "separation_of_duties"):
        step(alone, "disbursements", other, "pay")


def test_the_journal_balances_and_the_accounts_agree(actors: Actors, story: Any) -> None:
    auditor = actors("auditor")
    entries = list(auditor.items("journal-entries", budget_id=story.budget["id"]))
    assert [e["kind"] for e in entries] == [
        "approval",
        "appropriation",
        "commitment",
        "disbursement",
    ]
    for entry in entries:
        assert sum_of(entry, "debit") == sum_of(entry, "credit") > 0
    accounts = auditor.items("accounts", budget_id=story.budget["id"])
    assert {a["stage"]: a["balance"] for a in accounts} == {
        "authority": "-2000000.00",
        "approved": "0.00",
        "appropriated": "1500000.00",
        "committed": "300000.00",
        "disbursed": "200000.00",
        "refunded": "0.00",
    }


def sum_of(entry: dict[str, Any], side: str) -> int:
    """One side of an entry, in fen."""
    return sum(int(line[side].replace(".", "")) for line in entry["lines"])


def test_the_overview_shows_it_all(actors: Actors, story: Any) -> None:
    overview = actors("leader").get("overview")
    assert overview["complete"] is True
    parts = {name: part["data"] for name, part in overview["parts"].items()}
    board = {row["indicator_code"]: row for row in parts["targets"]["status_board"]["items"]}
    assert board[INDICATOR]["status"] == "green"
    holds = parts["funding"]["payment_holds"]["items"]
    assert story.item["id"] not in {hold["item_id"] for hold in holds}
    paid = {row["id"]: row["state"] for row in parts["funding"]["disbursements"]["items"]}
    assert paid[story.payment["id"]] == "succeeded"
    assert parts["supervision"]["overdue_items"]["items"] == []
    metrics = {row["metric"] for row in parts["parks"]["metrics"]["items"]}
    assert "sales_revenue.six_parks" in metrics
