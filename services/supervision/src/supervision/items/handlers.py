"""What supervision hears of indicators and fiscal rules."""

from contracts.funding import RuleBreached
from contracts.targets import IndicatorStatusChanged
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from supervision.closures import service as closures
from supervision.items import service
from supervision.items.domain import FISCAL_UNIT, OFFICE_UNIT, Opening


async def on_indicator_status_changed(
    session: Session, event: Received[IndicatorStatusChanged]
) -> None:
    """An indicator that turned red becomes a case of its lead unit, unless one is open."""
    fact = event.data
    if fact.status != "red":
        return
    await service.open_case(
        session,
        Opening(
            title=f"指标“{fact.indicator_name}”落后于进度",
            description=f"{fact.reason_zh}\n{fact.reason_en}",
            origin="indicator",
            origin_ref=fact.indicator_code,
            responsible_unit=fact.lead_unit or OFFICE_UNIT,
            indicator_code=fact.indicator_code,
            period=fact.period,
            measured_after=fact.measured_at,
            reason_zh=fact.reason_zh,
            reason_en=fact.reason_en,
        ),
    )


async def on_rule_breached(session: Session, event: Received[RuleBreached]) -> None:
    """A broken fiscal rule becomes a case of the finance bureau; it holds no payment, because
    payments are what mends it. An open case of it waits again until the rule is kept."""
    fact = event.data
    await closures.note_restoration(session, fact.rule_code, fact.fiscal_year, None)
    await service.open_case(
        session,
        Opening(
            title=f"{fact.fiscal_year} 年度未达到经费规则“{fact.rule_code}”",
            description=f"{fact.reason_zh}\n{fact.reason_en}",
            origin="rule",
            origin_ref=fact.rule_code,
            responsible_unit=FISCAL_UNIT,
            holds_payments=False,
            period=str(fact.fiscal_year),
            reason_zh=fact.reason_zh,
            reason_en=fact.reason_en,
        ),
    )


SUBSCRIPTIONS = [
    Subscription(IndicatorStatusChanged, on_indicator_status_changed),
    Subscription(RuleBreached, on_rule_breached),
]
