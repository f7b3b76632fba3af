"""Everything known of an enterprise, as the other services tell it."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from contracts.base import Event
from contracts.funding import AwardGranted, DisbursementSucceeded, RefundReceived
from contracts.supervision import ItemClosed, ItemOpened
from parks.dossiers.handlers import SUBSCRIPTIONS
from servicekit.clock import china_date, now
from servicekit.db import Database
from servicekit.messaging.subscriptions import Received

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
HANDLERS = {each.event: each.handler for each in SUBSCRIPTIONS}


async def hear(kept: Database, event: Event) -> None:
    received: Received[Any] = Received(
        id=uuid4(), type=event.type, publisher="funding", aggregate_id=event.subject,
        aggregate_version=1, time=now(), data=event, correlation_id="c", causation_id=None,
        traceparent=None,
    )  # fmt: skip
    async with kept.session() as session:
        await HANDLERS[type(event)](session, received)


def award(unit: str, amount: str) -> AwardGranted:
    return AwardGranted(
        award_id=uuid4(), fund_code="transfer-fund", fiscal_year=2026, payee_unit=unit,
        amount=Decimal(amount), title="成果转化",
    )  # fmt: skip


def item(unit: str) -> ItemOpened:
    return ItemOpened(
        item_id=uuid4(), number="督〔2026〕7号", title="研发投入不足", origin="manual",
        responsible_unit=unit, due_on=date(2026, 8, 31),
    )  # fmt: skip


async def test_it_holds_what_the_register_has_and_what_others_told(
    kept: Database, office: Caller, register: Make, draw_up: Make
) -> None:
    made = await register(unit_code="dayou-plastics")
    await draw_up(made["id"], "2025-05", office)
    first, second = award("dayou-plastics", "100.50"), award("dayou-plastics", "200.00")
    for granted in (first, second, second, award("somebody-else", "9.00")):
        await hear(kept, granted)
    await hear(
        kept,
        DisbursementSucceeded(
            disbursement_id=uuid4(), award_id=first.award_id, fund_code="transfer-fund",
            fiscal_year=2026, payee_unit="dayou-plastics", amount=Decimal("50.25"),
            paid_on=date(2026, 6, 20),
        ),
    )  # fmt: skip
    opened, closed = item("dayou-plastics"), item("dayou-plastics")
    await hear(kept, opened)
    await hear(kept, closed)
    await hear(
        kept,
        ItemClosed(
            item_id=closed.item_id, number=closed.number, origin="manual",
            responsible_unit="dayou-plastics", outcome="closed", closed_at=now(),
        ),
    )  # fmt: skip
    answer = await office.get(f"/enterprises/{made['id']}/dossier")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["enterprise"]["uscc"] == made["uscc"]
    assert [each["period"] for each in found["returns"]] == ["2025-05"]
    assert len(found["standings"]) == 1
    assert {each["amount"] for each in found["awards"]} == {"100.50", "200.00"}
    assert {each["granted_on"] for each in found["awards"]} == {f"{china_date()}"}
    assert [each["paid_on"] for each in found["payments"]] == ["2026-06-20"]
    assert (found["awarded"], found["paid"]) == ("300.50", "50.25")
    assert [each["item_id"] for each in found["open_rectifications"]] == [str(opened.item_id)]


async def test_it_holds_projects_contracts_achievements_and_what_was_given_back(
    kept: Database, office: Caller, register: Make
) -> None:
    made = await register(unit_code="refunding-unit")
    of_it, day = {"uscc": made["uscc"]}, "2026-02-27"
    project = {
        "number": "D-1", "title": "项目", "starts_on": day, "ends_on": day, **of_it,
        **dict.fromkeys(("planned_investment", "planned_new_sales"), "1"),
        "planned_profit_and_tax": "1",
    }  # fmt: skip
    contract = {
        "number": "D-2", "kind": "service", "title": "服务", "buyer_name": "乙", "amount": "5",
        "signed_on": day, "registered_on": day, "authority": "登记处", **of_it,
    }  # fmt: skip
    achievement = {"title": "成果", "kind": "other", "source_name": "大学", "amount": "2"}
    achievement |= {"transferred_on": day, **of_it}
    for path, body in (
        ("/rd-projects", project),
        ("/technology-contracts", contract),
        ("/achievements", achievement),
    ):
        answer = await office.post(path, body)
        assert answer.status_code == 201, answer.text
    refund = RefundReceived(
        refund_id=uuid4(), disbursement_id=uuid4(), award_id=uuid4(), fund_code="transfer-fund",
        fiscal_year=2026, payee_unit="refunding-unit", amount=Decimal("3.10"),
        received_on=date(2026, 9, 2),
    )  # fmt: skip
    for _ in range(2):
        await hear(kept, refund)
    found = (await office.get(f"/enterprises/{made['id']}/dossier")).json()
    assert [each["number"] for each in found["projects"]] == ["D-1"]
    assert [each["number"] for each in found["contracts"]] == ["D-2"]
    assert [each["title"] for each in found["achievements"]] == ["成果"]
    assert [each["received_on"] for each in found["refunds"]] == ["2026-09-02"]
    assert found["refunded"] == "3.10"


async def test_what_was_told_of_a_duplicate_is_the_other_s(
    kept: Database, office: Caller, register: Make
) -> None:
    gone = await register(unit_code="old-unit")
    into = await register(unit_code="new-unit")
    await hear(kept, award("old-unit", "7.00"))
    merge = {"into_id": into["id"], "reason": "同一企业"}
    done = await office.post(f"/enterprises/{gone['id']}/merge", merge, 1)
    assert done.status_code == 200, done.text
    for row in (gone, into):
        found = (await office.get(f"/enterprises/{row['id']}/dossier")).json()
        assert (found["enterprise"]["id"], found["awarded"]) == (into["id"], "7.00")


async def test_who_may_see_money_and_trouble_of_an_enterprise(
    register: Make, caller: Callable[..., Awaitable[Caller]]
) -> None:
    made = await register()
    for role, unit, status in (
        ("auditor", None, 200),
        ("park_admin", "gangqu-admin", 200),
        ("enterprise", "maizier-sugar", 200),
        ("enterprise", "dayou-plastics", 403),
        ("unit_reporter", "group-4", 403),
        ("finance_payer", "finance-bureau", 403),
    ):
        client = await caller(role, unit)
        answer = await client.get(f"/enterprises/{made['id']}/dossier")
        assert answer.status_code == status, role
