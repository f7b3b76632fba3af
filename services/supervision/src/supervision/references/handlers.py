"""What is told of parks, enterprises, indicators, funds and fiscal rules."""

from contracts.funding import FundChanged, RuleBreached, RuleRestored
from contracts.parks import EnterpriseChanged, ParkChanged
from contracts.targets import IndicatorChanged
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from supervision.references import service
from supervision.references.domain import Referred


async def on_park_changed(session: Session, event: Received[ParkChanged]) -> None:
    await service.note(session, Referred.PARK, event.data.park_code, event.data.name)


async def on_enterprise_changed(session: Session, event: Received[EnterpriseChanged]) -> None:
    """One that turned out to be another is not looked for any more."""
    it = event.data
    active = it.active and it.merged_into is None
    await service.note(session, Referred.ENTERPRISE, it.uscc, it.name, active=active)


async def on_indicator_changed(session: Session, event: Received[IndicatorChanged]) -> None:
    await service.note(session, Referred.INDICATOR, event.data.indicator_code, event.data.name)


async def on_fund_changed(session: Session, event: Received[FundChanged]) -> None:
    await service.note(session, Referred.FUND, event.data.fund_code, event.data.name)


async def on_rule_judged(
    session: Session, event: Received[RuleBreached] | Received[RuleRestored]
) -> None:
    """A rule is named by what is told of it."""
    if event.data.rule_name is not None:
        await service.note(session, Referred.RULE, event.data.rule_code, event.data.rule_name)


SUBSCRIPTIONS = [
    Subscription(ParkChanged, on_park_changed),
    Subscription(EnterpriseChanged, on_enterprise_changed),
    Subscription(IndicatorChanged, on_indicator_changed),
    Subscription(FundChanged, on_fund_changed),
    Subscription(RuleBreached, on_rule_judged),
    Subscription(RuleRestored, on_rule_judged),
]
