"""What supervision does when it hears of an indicator or a fiscal rule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contracts.funding import RuleBreached, RuleRestored
from contracts.targets import IndicatorMeasured, IndicatorStatusChanged
from servicekit import context
from servicekit.ids import new_id
from servicekit.messaging.subscriptions import Received
from supervision.closures import handlers as closures
from supervision.items import handlers

RED_AT = datetime(2026, 7, 10, 8, tzinfo=UTC)


async def apply(pool: Any, handler: Any, fact: Any, correlation_id: str = "case-1") -> None:
    """Give an event to its handler as the consumer does: its own transaction and context."""
    event = Received(
        id=new_id(),
        type=fact.type,
        publisher=fact.type.split(".")[1],
        aggregate_id=fact.subject,
        aggregate_version=1,
        time=RED_AT,
        data=fact,
        correlation_id=correlation_id,
        causation_id=None,
        traceparent=None,
    )
    surroundings = context.Context(correlation_id=correlation_id, causation_id=str(event.id))
    with context.using(surroundings):
        async with pool.session() as session:
            await handler(session, event)


def status_changed(code: str, status: str = "red", **changes: Any) -> IndicatorStatusChanged:
    fields = {
        "indicator_code": code,
        "indicator_name": "六园区销售收入",
        "period": "2026-07",
        "status": status,
        "previous_status": "amber",
        "actual": "36.1",
        "expected": "38.5",
        "unit": "亿元",
        "reason_zh": "实际 36.1 亿元，应达 38.5 亿元",
        "reason_en": "actual 36.1 亿元, expected 38.5",
        "lead_unit": "gangqu-admin",
        "measured_at": RED_AT,
    }
    return IndicatorStatusChanged.model_validate(fields | changes)


def measured(code: str, status: str, at: datetime, period: str = "2026-08") -> IndicatorMeasured:
    return IndicatorMeasured.model_validate(
        {
            "indicator_code": code,
            "period": period,
            "actual": "45",
            "expected": "44",
            "unit": "亿元",
            "status": status,
            "measured_at": at,
        }
    )


async def open_items(office: Any, code: str) -> list[dict[str, Any]]:
    answer = await office.get("/supervision-items", indicator_code=code, open="true")
    return answer.json()["items"]


async def brought_to_verified(office: Any, unit: Any, item: dict[str, Any]) -> None:
    for caller, action, body in [
        (unit, "acknowledge", None),
        (unit, "start", None),
        (unit, "submit", {"rectification": "已整改"}),
        (office, "verify", {}),
    ]:
        assert (await caller.step(item, action, body)).status_code == 200


async def test_a_red_indicator_becomes_one_case_of_its_lead_unit(
    office: Any, pool: Any, bus: Any
) -> None:
    fact = status_changed("case-red")
    await apply(pool, handlers.on_indicator_status_changed, fact, "case-red-id")
    await apply(pool, handlers.on_indicator_status_changed, fact, "another")
    (item,) = await open_items(office, "case-red")
    assert (item["origin"], item["origin_ref"]) == ("indicator", "case-red")
    assert item["responsible_unit"] == "gangqu-admin"
    assert item["reason_en"] == "actual 36.1 亿元, expected 38.5"
    assert item["correlation_id"] == "case-red-id"
    (event,) = await bus.events("item.opened", f"item:{item['id']}")
    assert event.correlation_id == "case-red-id"
    assert event.causation_id is not None


@pytest.mark.parametrize("status", ["green", "amber", "unknown"])
async def test_an_indicator_that_is_not_red_opens_nothing(
    office: Any, pool: Any, status: str
) -> None:
    await apply(pool, handlers.on_indicator_status_changed, status_changed("case-calm", status))
    assert await open_items(office, "case-calm") == []


async def test_an_indicator_without_a_lead_unit_is_the_offices(office: Any, pool: Any) -> None:
    fact = status_changed("case-nobody", lead_unit=None)
    await apply(pool, handlers.on_indicator_status_changed, fact)
    (item,) = await open_items(office, "case-nobody")
    assert item["responsible_unit"] == "programme-office"


async def test_a_case_closes_once_its_indicator_is_measured_off_red(
    office: Any, unit: Any, pool: Any, bus: Any
) -> None:
    await apply(
        pool, handlers.on_indicator_status_changed, status_changed("case-back"), "case-back-id"
    )
    (item,) = await open_items(office, "case-back")
    await brought_to_verified(office, unit, item)
    # The measurement that opened the case comes as well; it shows nothing new.
    await apply(
        pool, closures.on_indicator_measured, measured("case-back", "red", RED_AT, "2026-07")
    )
    assert (await office.step(item, "close", {})).json()["code"] == "indicator_not_remeasured"
    later = RED_AT + timedelta(days=30)
    await apply(pool, closures.on_indicator_measured, measured("case-back", "green", later))
    closed = await office.step(item, "close", {})
    assert closed.status_code == 200
    assert closed.json()["remeasured_period"] == "2026-08"
    (event,) = await bus.events("item.closed", f"item:{item['id']}")
    assert event.correlation_id == "case-back-id"


@pytest.mark.parametrize(
    ("status", "days", "period"),
    [("red", 30, "2026-08"), ("unknown", 30, "2026-08"), ("green", 30, "2026-06")],
)
async def test_a_measurement_that_shows_nothing_new_does_not_let_it_close(
    office: Any, unit: Any, pool: Any, status: str, days: int, period: str
) -> None:
    code = f"case-{status}-{period}"
    await apply(pool, handlers.on_indicator_status_changed, status_changed(code))
    (item,) = await open_items(office, code)
    await brought_to_verified(office, unit, item)
    at = RED_AT + timedelta(days=days)
    await apply(pool, closures.on_indicator_measured, measured(code, status, at, period))
    assert (await office.step(item, "close", {})).status_code == 409


async def test_an_indicator_that_falls_back_to_red_refuses_closing_again(
    office: Any, unit: Any, pool: Any
) -> None:
    await apply(pool, handlers.on_indicator_status_changed, status_changed("case-relapse"))
    (item,) = await open_items(office, "case-relapse")
    await brought_to_verified(office, unit, item)
    for days, status in ((30, "green"), (60, "red")):
        at = RED_AT + timedelta(days=days)
        await apply(pool, closures.on_indicator_measured, measured("case-relapse", status, at))
    assert (await office.step(item, "close", {})).status_code == 409


async def test_an_older_periods_number_says_nothing_about_the_newest(
    office: Any, unit: Any, pool: Any
) -> None:
    await apply(pool, handlers.on_indicator_status_changed, status_changed("case-late-number"))
    (item,) = await open_items(office, "case-late-number")
    await brought_to_verified(office, unit, item)
    for days, status, period in ((30, "red", "2026-08"), (40, "green", "2026-07")):
        at = RED_AT + timedelta(days=days)
        fact = measured("case-late-number", status, at, period)
        await apply(pool, closures.on_indicator_measured, fact)
    assert (await office.step(item, "close", {})).status_code == 409


async def test_after_a_case_is_closed_the_next_red_opens_a_new_one(
    office: Any, unit: Any, pool: Any
) -> None:
    await apply(pool, handlers.on_indicator_status_changed, status_changed("case-again"))
    (first,) = await open_items(office, "case-again")
    assert (await office.step(first, "cancel", {"reason": "误报"})).status_code == 200
    await apply(pool, handlers.on_indicator_status_changed, status_changed("case-again"))
    (second,) = await open_items(office, "case-again")
    assert second["id"] != first["id"]


async def test_a_broken_rule_becomes_one_case_that_holds_no_payment(office: Any, pool: Any) -> None:
    fact = RuleBreached.model_validate(
        {
            "rule_code": "three-st-share",
            "fiscal_year": 2026,
            "actual": "1.8",
            "threshold": "2.0",
            "unit": "%",
            "reason_zh": "实际 1.8 %，应不低于 2.0 %",
            "reason_en": "actual 1.8 %, at least 2.0 %",
        }
    )
    await apply(pool, handlers.on_rule_breached, fact)
    await apply(pool, handlers.on_rule_breached, fact)
    listed = await office.get("/supervision-items", origin="rule")
    (item,) = listed.json()["items"]
    assert (item["responsible_unit"], item["holds_payments"]) == ("finance-bureau", False)
    assert item["period"] == "2026"


def rule(kind: Any, code: str, year: int = 2026) -> Any:
    numbers = {"actual": "1.8", "threshold": "2.0", "unit": "%"}
    reasons = {"reason_zh": "实际 1.8 %", "reason_en": "actual 1.8 %"}
    return kind.model_validate({"rule_code": code, "fiscal_year": year, **numbers, **reasons})


async def test_the_case_of_a_rule_closes_once_the_rule_is_kept_again(
    office: Any, as_role: Any, pool: Any
) -> None:
    finance = await as_role("finance_maker", "finance-bureau")
    await apply(pool, handlers.on_rule_breached, rule(RuleBreached, "kept-again"))
    items = (await office.get("/supervision-items", origin="rule", open="true")).json()["items"]
    (item,) = [each for each in items if each["origin_ref"] == "kept-again"]
    await brought_to_verified(office, finance, item)
    assert (await office.step(item, "close", {})).json()["code"] == "rule_not_restored"
    await apply(pool, closures.on_rule_restored, rule(RuleRestored, "kept-again", 2025))
    assert (await office.step(item, "close", {})).status_code == 409
    await apply(pool, closures.on_rule_restored, rule(RuleRestored, "kept-again"))
    await apply(pool, handlers.on_rule_breached, rule(RuleBreached, "kept-again"))
    assert (await office.step(item, "close", {})).status_code == 409
    await apply(pool, closures.on_rule_restored, rule(RuleRestored, "kept-again"))
    closed = await office.step(item, "close", {})
    assert closed.status_code == 200
    assert closed.json()["restored_at"] is not None
