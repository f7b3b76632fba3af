"""What is heard of targets, funding and parks is kept by unit; the last of it counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.funding import AwardGranted, DisbursementHeld, DisbursementSucceeded
from contracts.parks import OperatingReturnAccepted
from contracts.targets import (
    IndicatorChanged,
    IndicatorMeasured,
    IndicatorStatusChanged,
    ProgressReportOverdue,
    ProgressReportSubmitted,
)
from servicekit.ids import new_id
from servicekit.messaging.subscriptions import Received
from supervision.figures import handlers as figures
from supervision.unit_facts import repository
from supervision.unit_facts.domain import Fact, FactKind, said
from supervision.unit_facts.handlers import SUBSCRIPTIONS as FACTS

SUBSCRIPTIONS = [*figures.SUBSCRIPTIONS, *FACTS]
AT = datetime(2026, 7, 10, 8, tzinfo=UTC)


async def hear(pool: Any, fact: Any) -> None:
    """Give an event to its handler as the consumer does."""
    handlers = [each.handler for each in SUBSCRIPTIONS if each.event is type(fact)]
    event = Received(
        id=new_id(),
        type=fact.type,
        publisher=fact.type.split(".")[1],
        aggregate_id=fact.subject,
        aggregate_version=1,
        time=AT,
        data=fact,
        correlation_id="c",
        causation_id=None,
        traceparent=None,
    )
    assert handlers
    for handler in handlers:
        async with pool.session() as session:
            await handler(session, event)


async def known(pool: Any, unit: str) -> list[Fact]:
    async with pool.session() as session:
        return [
            *await repository.indicators(session, [unit]),
            *await repository.of_units(session, [unit], kinds=list(FactKind)),
        ]


async def test_an_indicator_has_its_name_from_one_event_and_its_number_from_another(
    pool: Any,
) -> None:
    measured = {
        "indicator_code": "i-1",
        "period": "2026-06",
        "actual": "36.1",
        "expected": "38.5",
        "unit": "亿元",
        "status": "red",
        "measured_at": AT,
        "concerned_units": ["u-park"],
    }
    changed = {"indicator_code": "i-1", "name": "销售收入", "unit": "亿元", "lead_unit": "u-lead"}
    await hear(pool, IndicatorMeasured.model_validate(measured))
    await hear(pool, IndicatorChanged.model_validate(changed))
    later = {"period": "2026-07", "status": "green", "measured_at": AT + timedelta(days=1)}
    await hear(pool, IndicatorMeasured.model_validate(measured | later))
    for unit in ("u-park", "u-lead"):
        (fact,) = await known(pool, unit)
        assert (fact.name, fact.period, fact.status) == ("销售收入", "2026-07", "green")


async def test_a_number_that_was_taken_back_is_not_reported_any_more(pool: Any) -> None:
    turned = {
        "indicator_code": "i-9",
        "indicator_name": "增加值",
        "period": "2026-06",
        "status": "red",
        "previous_status": "green",
        "actual": "1",
        "expected": "2",
        "unit": "亿元",
        "reason_zh": "实际 1，应达 2",
        "reason_en": "1 of 2",
        "lead_unit": "u-nine",
        "measured_at": AT,
    }
    for change in ({}, {"status": "unknown", "previous_status": "red", "actual": None}):
        await hear(pool, IndicatorStatusChanged.model_validate(turned | change))
    (fact,) = await known(pool, "u-nine")
    assert (fact.value, fact.period, fact.status) == (None, None, "unknown")
    assert said(fact) == "增加值 尚无数据"


async def test_an_overdue_report_is_forgotten_when_it_comes(pool: Any) -> None:
    report = {"indicator_code": "i-2", "unit_code": "u-late", "period": "2026-06"}
    overdue = {**report, "series": "i-2/u-late/2026-06", "due_on": "2026-07-08"}
    await hear(pool, ProgressReportOverdue.model_validate(overdue))
    assert [each.kind for each in await known(pool, "u-late")] == [FactKind.REPORT_OVERDUE]
    came = {**report, "report_id": new_id(), "value": "1"}
    await hear(pool, ProgressReportSubmitted.model_validate(came))
    assert await known(pool, "u-late") == []


async def test_a_held_payment_is_held_until_it_is_made(pool: Any) -> None:
    payment = {"disbursement_id": new_id(), "payee_unit": "u-money", "amount": "300000.00"}
    await hear(pool, DisbursementHeld.model_validate({**payment, "item_id": new_id()}))
    assert [each.kind for each in await known(pool, "u-money")] == [FactKind.PAYMENT_HELD]
    year = {"fund_code": "f", "fiscal_year": 2026}
    paid = {**payment, **year, "award_id": new_id(), "paid_on": "2026-07-09"}
    await hear(pool, DisbursementSucceeded.model_validate(paid))
    given = {**year, "award_id": new_id(), "payee_unit": "u-money", "amount": "1.00", "title": "t"}
    await hear(pool, AwardGranted.model_validate(given))
    kinds = {each.kind for each in await known(pool, "u-money")}
    assert kinds == {FactKind.PAYMENT, FactKind.AWARD}


async def test_a_return_counts_for_the_enterprise_and_for_its_park(pool: Any) -> None:
    accepted = {
        "return_id": new_id(),
        "enterprise_id": new_id(),
        "uscc": "91410184MAEXPRY016",
        "enterprise_class": "ordinary",
        "period": "2026-06",
        "measures": {"sales_revenue": "1200"},
        "concerned_units": ["u-firm", "u-admin"],
    }
    await hear(pool, OperatingReturnAccepted.model_validate(accepted))
    for unit in ("u-firm", "u-admin"):
        (fact,) = await known(pool, unit)
        assert (f"{fact.value}", fact.measure) == ("1200", "万元")
